//! A presentation of five scenes in the real window on a virtual screen, recorded as screenshots.
//! Skips, and says so, where Xvfb, xdotool or `ImageMagick` are not installed.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use keepers::project::{Project, Source, file};

use crate::stage::scenes;

const PATIENCE: Duration = Duration::from_mins(2);

/// Ends its process, and only that, when it goes.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        if let Err(error) = ended {
            eprintln!("a process could not be ended: {error}");
        }
    }
}

struct Screen {
    display: String,
    folder: PathBuf,
    _xvfb: Running,
}

impl Screen {
    fn start(folder: &Path) -> Option<Self> {
        for program in ["Xvfb", "xdotool", "import"] {
            let found = Command::new("sh")
                .args(["-c", &format!("command -v {program}")])
                .stdout(Stdio::null())
                .status();
            if !found.is_ok_and(|status| status.success()) {
                eprintln!("skipped: {program} is not installed");
                return None;
            }
        }
        let mut xvfb = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1440x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let out = xvfb.stdout.take().expect("piped");
        BufReader::new(out)
            .read_line(&mut number)
            .expect("a display");
        Some(Self {
            display: format!(":{}", number.trim()),
            folder: folder.to_owned(),
            _xvfb: Running(xvfb),
        })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let status = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    }

    fn key(&self, key: &str) {
        assert!(self.run("xdotool", &["key", key]), "{key}");
    }

    fn shot(&self, name: &str) -> Vec<u8> {
        let path = self.folder.join(format!("{name}.png"));
        let text = path.to_str().expect("UTF-8");
        assert!(self.run("import", &["-window", "root", text]), "{name}");
        let picture = fs::read(&path).expect("a screenshot");
        if let Some(keep) = env::var_os("KEEPERS_KEEP_SCREENSHOTS") {
            fs::create_dir_all(&keep).expect("a folder for screenshots");
            fs::write(Path::new(&keep).join(format!("{name}.png")), &picture).expect("kept");
        }
        picture
    }

    /// A screenshot once the screen differs from `before` and stands still.
    fn next_shot(&self, name: &str, before: &[u8]) -> Vec<u8> {
        let started = Instant::now();
        let mut last = self.shot(name);
        loop {
            assert!(
                started.elapsed() < PATIENCE,
                "the screen does not change to {name}"
            );
            thread::sleep(Duration::from_millis(300));
            let shot = self.shot(name);
            if shot == last && shot != before {
                return shot;
            }
            last = shot;
        }
    }
}

#[allow(clippy::too_many_lines)] // one story, told in order
#[test]
fn five_scenes_in_a_real_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(screen) = Screen::start(folder.path()) else {
        return;
    };
    let path = folder.path().join("talk.keepers.ron");
    let project = Project {
        source: Source::Sample,
        scenes: scenes(),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let blank = screen.shot("empty screen");
    let _window = Running(
        Command::new(env!("CARGO_BIN_EXE_keepers"))
            .arg(&path)
            .env("DISPLAY", &screen.display)
            .env("WAYLAND_DISPLAY", "")
            .env("XDG_DATA_HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the window opens"),
    );
    let started = Instant::now();
    while !screen.run("xdotool", &["search", "--onlyvisible", "--name", "Keepers"]) {
        assert!(started.elapsed() < PATIENCE, "no window opened");
        thread::sleep(Duration::from_millis(200));
    }
    // Without a window manager nobody gives the window the keyboard.
    let focus = [
        "search",
        "--onlyvisible",
        "--name",
        "Keepers",
        "windowfocus",
    ];
    assert!(screen.run("xdotool", &focus));
    let mut before = screen.next_shot("0 window", &blank);
    let window = before.clone();
    screen.key("F5");
    let mut shots = Vec::new();
    for scene in 1..=5 {
        if scene > 1 {
            screen.key("Right");
        }
        before = screen.next_shot(&format!("scene {scene}"), &before);
        assert!(
            !shots.contains(&before),
            "scene {scene} is not another one's picture"
        );
        shots.push(before.clone());
    }
    screen.key("b");
    let black = screen.next_shot("blank", &before);
    assert!(
        black.len() < shots[0].len() / 10,
        "a black screen is a small file"
    );
    screen.key("b");
    let back = screen.next_shot("back", &black);
    screen.key("Escape");
    let left = screen.next_shot("left", &back);
    assert!(left == window, "back exactly where one was");
}
