//! A virtual screen with the real window on it, driven by keys and pointer and read from its pixels.

// Every test uses its part of this.
#![allow(dead_code)]

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use egui::Pos2;
use image::RgbaImage;

const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks at the screen.
const PAUSE: Duration = Duration::from_millis(250);

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

pub struct Screen {
    // Dropped in this order: the window before its screen.
    window: Option<Running>,
    xvfb: Running,
    display: String,
    folder: PathBuf,
    /// Before the names of the screenshots that are kept.
    story: &'static str,
    last: RgbaImage,
}

impl Screen {
    /// A screen of the window's size; `None`, with a message, where a program is missing. Screenshots
    /// are kept under `story` in the folder that `KEEPERS_KEEP_SCREENSHOTS` names, if it does.
    pub fn start(folder: &Path, story: &'static str) -> Option<Self> {
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
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24"])
            // Otherwise it begins anew, and refuses who connects just then, when its last client goes:
            // a tool that asks for a window which is not there yet.
            .args(["-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let out = xvfb.stdout.take().expect("piped");
        let xvfb = Running(xvfb);
        let mut number = String::new();
        BufReader::new(out)
            .read_line(&mut number)
            .expect("a display");
        Some(Self {
            window: None,
            xvfb,
            display: format!(":{}", number.trim()),
            folder: folder.to_owned(),
            story,
            last: RgbaImage::new(0, 0),
        })
    }

    /// Opens the window on a project.
    pub fn open(&mut self, project: &Path) {
        let window = Command::new(env!("CARGO_BIN_EXE_keepers"))
            .arg(project)
            .env("DISPLAY", &self.display)
            .env("WAYLAND_DISPLAY", "")
            .env("XDG_DATA_HOME", &self.folder)
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.complaints()).expect("a file"))
            .spawn();
        self.window = Some(Running(window.expect("the window opens")));
        self.wait_for_window("Keepers");
        // Without a window manager nobody gives the window the keyboard.
        self.tool(&[
            "search",
            "--onlyvisible",
            "--name",
            "Keepers",
            "windowfocus",
        ]);
    }

    /// What the program wrote to its error output.
    fn complaints(&self) -> PathBuf {
        self.folder.join("stderr.txt")
    }

    /// Waits until a window of this name is on the screen; a program or screen that has ended says so.
    pub fn wait_for_window(&mut self, name: &str) {
        let started = Instant::now();
        while !self.has_window(name) {
            let ended = |running: &mut Running| running.0.try_wait().expect("asked");
            let program = self.window.as_mut().and_then(ended);
            let screen = ended(&mut self.xvfb);
            assert!(
                program.is_none() && screen.is_none() && started.elapsed() < PATIENCE,
                "no window “{name}” opened; program ended: {program:?}, screen ended: {screen:?}; {}",
                fs::read_to_string(self.complaints()).unwrap_or_default()
            );
            thread::sleep(PAUSE);
        }
    }

    /// Waits until no window of this name is on the screen any more.
    pub fn wait_for_no_window(&self, name: &str) {
        let started = Instant::now();
        while self.has_window(name) {
            assert!(started.elapsed() < PATIENCE, "the window “{name}” stays");
            thread::sleep(PAUSE);
        }
    }

    /// A screenshot that is only kept: of what never stands still.
    pub fn keep(&self, name: &str) {
        self.shot(name);
    }

    /// Whether a window of this name is on the screen.
    pub fn has_window(&self, name: &str) -> bool {
        self.run("xdotool", &["search", "--onlyvisible", "--name", name])
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

    fn tool(&self, arguments: &[&str]) {
        assert!(self.run("xdotool", arguments), "{arguments:?}");
    }

    pub fn key(&self, key: &str) {
        self.tool(&["key", key]);
    }

    pub fn type_text(&self, text: &str) {
        self.tool(&["type", "--delay", "20", text]);
    }

    fn move_to(&self, at: Pos2) {
        let (x, y) = (format!("{:.0}", at.x), format!("{:.0}", at.y));
        self.tool(&["mousemove", &x, &y]);
        thread::sleep(Duration::from_millis(60));
    }

    pub fn click(&self, at: Pos2) {
        self.move_to(at);
        self.tool(&["click", "1"]);
    }

    /// Drags in steps, as a hand does, and moves the pointer out of the way afterwards.
    pub fn drag(&self, from: Pos2, to: Pos2) {
        self.move_to(from);
        self.tool(&["mousedown", "1"]);
        for step in 1..=10_u8 {
            self.move_to(from + (to - from) * f32::from(step) / 10.0);
        }
        self.tool(&["mouseup", "1"]);
    }

    fn shot(&self, name: &str) -> Vec<u8> {
        let path = self.folder.join("shot.png");
        let text = path.to_str().expect("UTF-8");
        assert!(self.run("import", &["-window", "root", text]), "{name}");
        let picture = fs::read(&path).expect("a screenshot");
        if let Some(keep) = env::var_os("KEEPERS_KEEP_SCREENSHOTS") {
            fs::create_dir_all(&keep).expect("a folder for screenshots");
            fs::write(
                Path::new(&keep).join(format!("{} {name}.png", self.story)),
                &picture,
            )
            .expect("kept");
        }
        picture
    }

    /// The screen once it differs from what was settled last and stands still, but for the caret that
    /// blinks in a text field.
    pub fn settle(&mut self, name: &str) -> RgbaImage {
        let started = Instant::now();
        let (mut last, mut still) = (RgbaImage::new(0, 0), 0);
        loop {
            let shot = self.shot(name);
            let shot = image::load_from_memory(&shot).expect("a PNG").to_rgba8();
            still = if alike(&shot, &last) { still + 1 } else { 0 };
            if still >= 3 && !alike(&shot, &self.last) {
                self.last.clone_from(&shot);
                return shot;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "the screen does not change to {name}"
            );
            last = shot;
            thread::sleep(PAUSE);
        }
    }
}

/// Whether two pictures differ in no more than a caret: 2 × 20 points and its soft edge.
pub fn alike(one: &RgbaImage, other: &RgbaImage) -> bool {
    let different = one.pixels().zip(other.pixels()).filter(|(a, b)| a != b);
    one.dimensions() == other.dimensions() && different.count() <= 100
}
