//! `keepers render`: draws the real views without a display.

use std::path::PathBuf;

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::{
    input::Input,
    output::{self, CliError},
};
use crate::ui::action::View;

/// Draw the views as PNG pictures, without a display or a graphics card
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// View to draw [default: every view]
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(View::ALL.map(View::name)))]
    view: Option<String>,
    /// Width × height in points
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size, default_value = "1440x900")]
    size: (u32, u32),
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
    /// Folder for the pictures; made when missing. Pictures of the same name are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

/// What to draw.
struct Job {
    input: Input,
    views: Vec<View>,
    size: (u32, u32),
    dark: bool,
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let chosen = |view: &View| match &arguments.view {
        Some(name) => view.name() == name,
        None => true,
    };
    let job = Job {
        input: arguments.input.clone(),
        views: View::ALL.into_iter().filter(chosen).collect(),
        size: arguments.size,
        dark: arguments.theme == Theme::Dark,
        out: arguments.out.clone(),
    };
    for path in draw(&job)? {
        output::print(&format!("wrote {}\n", path.display()))?;
    }
    Ok(())
}

/// Draws every view at the default size into `out`; returns the pictures' paths.
pub(super) fn draw_all(input: Input, out: PathBuf) -> Result<Vec<PathBuf>, CliError> {
    draw(&Job {
        input,
        views: View::ALL.to_vec(),
        size: (1440, 900),
        dark: false,
        out,
    })
}

/// Draws the job's views; returns the pictures' paths.
fn draw(job: &Job) -> Result<Vec<PathBuf>, CliError> {
    let _ = (&job.input, &job.views, job.size, job.dark, &job.out);
    Err(CliError::Input(
        "pictures cannot be drawn in this build".to_owned(),
    ))
}

/// `1440x900`, between 320 × 240 and 7680 × 4320.
fn size(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once('x').and_then(|(width, height)| {
        Some((width.parse::<u32>().ok()?, height.parse::<u32>().ok()?))
    });
    parsed
        .filter(|(width, height)| (320..=7680).contains(width) && (240..=4320).contains(height))
        .ok_or_else(|| {
            "expected WIDTHxHEIGHT from 320x240 to 7680x4320, such as 1440x900".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_checked() {
        assert_eq!(size("1440x900"), Ok((1440, 900)));
        for bad in [
            "",
            "1440",
            "0x0",
            "99999x900",
            "ax900",
            "1440x900x3",
            "-1x900",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
