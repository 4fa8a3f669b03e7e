//! `keepers render`: draws the real views without a display.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::{
    input::Input,
    output::{self, CliError, say},
};
use app::{
    headless::{RenderOptions, render_scenes, render_views, write_icon},
    picture::{Output, render_charts},
    report::render_report,
};
use data::dataset::options::ReadOptions;
use export::report;
use ui::{
    action::View,
    chart,
    views::{
        audiences::Section as AudienceSection, data::Tab, models::ModelTab, segments::Section,
    },
};

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
    /// Pixels per point: 2 draws for high-density displays
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    scale: u8,
    /// Select first: segment:VIP, cohort:2024-03, cohort:2024-03:2, rf:5:4, column:country:Austria,
    /// number:COLUMN:2:4, step:returned, status:VALUE, line:not-kept, customer:ID; repeat to narrow
    #[arg(long, value_name = "PART")]
    select: Vec<String>,
    /// Open this customer in the Customers view
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// Part of the Data view
    #[arg(long, value_name = "NAME", default_value = Tab::Files.name(), value_parser = PossibleValuesParser::new(Tab::ALL.map(Tab::name)))]
    tab: String,
    /// Part of the Segments view
    #[arg(long, value_name = "NAME", default_value = Section::Map.name(), value_parser = PossibleValuesParser::new(Section::ALL.map(Section::name)))]
    section: String,
    /// Part of the Audiences view
    #[arg(long, value_name = "NAME", default_value = AudienceSection::Lists.name(), value_parser = PossibleValuesParser::new(AudienceSection::ALL.map(AudienceSection::name)))]
    audiences: String,
    /// Train this recipe first and show its run in the Models view: 90-day-clv, churn, best-of-all…
    #[arg(long, value_name = "RECIPE")]
    train: Option<String>,
    /// Part of the Models view; repeat for several, drawn as models-NAME.png
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ModelTab::ALL.map(ModelTab::name)))]
    part: Vec<String>,
    /// Draw this chart alone instead of whole views; "all" draws every chart
    #[arg(long, value_name = "NAME")]
    chart: Option<String>,
    /// Write only the program's icon, keepers.png, as packages need it
    #[arg(long, hide = true)]
    icon: bool,
    /// What to write of a chart
    #[arg(long, value_enum, default_value_t = Format::Png, requires = "chart")]
    format: Format,
    /// Draw the scenes of a project as they are presented instead of the views
    #[arg(long, conflicts_with_all = ["view", "chart", "select", "customer"])]
    scenes: bool,
    /// Folder for the pictures; made when missing. Pictures of the same name are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Png,
    Svg,
    /// The numbers behind the chart
    Csv,
}

impl Format {
    fn output(self) -> Output {
        match self {
            Self::Png => Output::Picture(chart::Format::Png),
            Self::Svg => Output::Picture(chart::Format::Svg),
            Self::Csv => Output::Csv,
        }
    }
}

/// Pixels of the icon's sides: the largest that desktops ask for.
const ICON: u32 = 512;

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    if arguments.icon {
        return write_icon(ICON, &arguments.out.join("keepers.png"))
            .map_err(|error| CliError::Input(error.to_string()));
    }
    let chosen = |view: &View| match &arguments.view {
        Some(name) => view.name() == name,
        None => true,
    };
    let (width, height) = arguments.size;
    let options = RenderOptions {
        views: View::ALL.into_iter().filter(chosen).collect(),
        size: egui::vec2(width as f32, height as f32),
        scale: f32::from(arguments.scale),
        dark: arguments.theme == Theme::Dark,
        as_of: arguments.input.as_of,
        select: arguments.select.clone(),
        customer: arguments.customer.clone(),
        data_tab: Tab::ALL
            .into_iter()
            .find(|tab| tab.name() == arguments.tab)
            .unwrap_or_default(),
        section: Section::ALL
            .into_iter()
            .find(|section| section.name() == arguments.section)
            .unwrap_or_default(),
        audiences: AudienceSection::ALL
            .into_iter()
            .find(|section| section.name() == arguments.audiences)
            .unwrap_or_default(),
        train: arguments.train.clone(),
        model_tabs: ModelTab::ALL
            .into_iter()
            .filter(|tab| arguments.part.iter().any(|part| part == tab.name()))
            .collect(),
        reading: reading(&arguments.input)?,
        ..RenderOptions::default()
    };
    let files = match &arguments.chart {
        Some(name) => {
            let wanted = (name.as_str(), arguments.format.output());
            render_charts(arguments.input.source(), &arguments.out, &options, wanted)
                .map_err(|error| CliError::Input(error.to_string()))?
        }
        None if arguments.scenes => {
            render_scenes(arguments.input.source(), &arguments.out, &options)
                .map_err(|error| CliError::Input(error.to_string()))?
        }
        None => draw(&arguments.input, &arguments.out, &options)?,
    };
    for path in files {
        output::print(&format!("wrote {}\n", path.display()))?;
    }
    Ok(())
}

/// How the files are read where the command line says so, or the user has taught exports; refuses answers
/// to what the files do not ask.
fn reading(input: &Input) -> Result<Option<ReadOptions>, CliError> {
    if input.says_reading() {
        return Ok(Some(input.open()?.project.reading));
    }
    let taught = input.taught();
    Ok((!taught.is_empty()).then(|| ReadOptions {
        taught,
        ..ReadOptions::default()
    }))
}

/// Draws every view at the default size into `out`; returns the pictures' paths.
pub(super) fn draw_all(input: &Input, out: &Path) -> Result<Vec<PathBuf>, CliError> {
    let options = RenderOptions {
        reading: reading(input)?,
        ..RenderOptions::default()
    };
    draw(input, out, &options)
}

/// Draws the views; returns the pictures' paths.
fn draw(input: &Input, out: &Path, options: &RenderOptions) -> Result<Vec<PathBuf>, CliError> {
    render_views(input.source(), out, options).map_err(|error| CliError::Input(error.to_string()))
}

/// The report of a shop, with the charts of the window and the scenes of the project.
pub(super) fn report_of(
    input: &Input,
    train: Option<&str>,
    model: Option<&Path>,
    format: report::Format,
) -> Result<Vec<u8>, CliError> {
    let options = RenderOptions {
        as_of: input.as_of,
        train: train.map(str::to_owned),
        // Says what has changed in the files of a project, and refuses what is none.
        reading: reading(input)?.or(Some(input.project()?.reading)),
        ..RenderOptions::default()
    };
    let made = render_report(input.source(), &options, model, format)
        .map_err(|error| CliError::Input(error.to_string()))?;
    for warning in &made.warnings {
        say(&format!("note: {warning}"));
    }
    Ok(made.bytes)
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
