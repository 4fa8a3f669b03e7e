//! What a person can ask for. Views push actions; `app::apply` carries them out after drawing.

use ::audiences::{AudienceSettings, ListKind};
use analysis::{
    clusters::ClusterSpec,
    cohorts::{CohortSpec, Metric},
    flat::FlatSpec,
    migration::MigrationSpec,
    selection::{Combine, Part, Selection},
};
use data::dataset::options::{ReadOptions, ReadingEdit};
use data::day::{Day, Period};
use export::What;
use project::{Source, ThemeChoice};

use super::{
    chart::PictureOrder,
    command::Command,
    frame::{
        asks::FileAction, export::ExportOrder, layouts::LayoutAction, scenes::SceneAction,
        tour::TourAction,
    },
    views::{audiences, data::Tab, models::ModelsAction, segments::Tune},
};

/// The views of the rail, in order.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum View {
    Start,
    Data,
    #[default]
    Overview,
    Cohorts,
    Segments,
    Models,
    Customers,
    Audiences,
}

impl View {
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Data,
        Self::Overview,
        Self::Cohorts,
        Self::Segments,
        Self::Models,
        Self::Customers,
        Self::Audiences,
    ];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Data => "Data",
            Self::Overview => "Overview",
            Self::Cohorts => "Cohorts",
            Self::Segments => "Segments",
            Self::Models => "Models",
            Self::Customers => "Customers",
            Self::Audiences => "Audiences",
        }
    }

    /// The view of this [`View::name`].
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }

    /// Name on the command line and of picture files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Data => "data",
            Self::Overview => "overview",
            Self::Cohorts => "cohorts",
            Self::Segments => "segments",
            Self::Models => "models",
            Self::Customers => "customers",
            Self::Audiences => "audiences",
        }
    }
}

/// One request of the user.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Show this view.
    Show(View),
    /// Show this part of the Audiences view, with this list in detail.
    ShowAudience(audiences::Section, Option<ListKind>),
    /// Open the file dialog.
    OpenDialog,
    /// Open this source as a new project.
    Open(Source),
    /// Open the session that was autosaved last time.
    Continue,
    /// Back to the welcome page.
    CloseShop,
    /// S; `None` means the day after the last order.
    SetAsOf(Option<Day>),
    SetMigration(MigrationSpec),
    SetClusters(ClusterSpec),
    /// Look for clusters in the background, by the project's spec.
    FindClusters,
    CancelClusters,
    /// Change how segments are made.
    Tune(Tune),
    SetCohorts(CohortSpec),
    SetCohortMetric(Metric),
    SetOverviewPeriod(Period),
    /// Thresholds, campaign, texts and costs of the audiences.
    SetAudiences(Box<AudienceSettings>),
    /// Ask for a cost table and take it over.
    OpenCosts,
    /// What a customer table is asked, and the thresholds of its derived fields.
    SetFlat(Box<FlatSpec>),
    /// Replace the selection by this part.
    Select(Part),
    /// Add this part to the selection (shift or ctrl held).
    SelectAlso(Part),
    /// Remove the part with this number.
    Unselect(usize),
    ClearSelection,
    /// Exclude the part with this number, or include it again.
    NegatePart(usize),
    /// Keep only the part with this number.
    KeepPart(usize),
    /// How the parts go together.
    SetCombine(Combine),
    /// Replace the whole selection, e.g. by a saved audience.
    SetSelection(Box<Selection>),
    /// Keep the selection under this name; an audience of the same name is replaced.
    SaveAudience(String),
    /// Forget the audience with this number.
    DeleteAudience(usize),
    /// Open the drill-down of this customer (number in the orders); `None` closes it.
    OpenCustomer(Option<u32>),
    /// Profile the files of the open shop in the background, unless that was done or is being done.
    Profile,
    /// Train, edit a recipe, choose, save or open a model.
    Models(ModelsAction),
    SetTheme(ThemeChoice),
    SetZoom(f32),
    ToggleRail,
    ToggleInspector,
    CancelJob,
    DismissNotice(u64),
    Undo,
    Redo,
    CopyText(String),
    /// Change how files are read: those being mapped, or else those of the open shop.
    EditReading(ReadingEdit),
    /// Say what the columns of files mean before they are opened.
    MapColumns(Box<(Source, ReadOptions)>),
    /// Open the files with the columns as mapped.
    OpenMapped,
    /// Leave the mapping without opening the files.
    CloseMapping,
    /// Collect every row that a rule left out, then ask where to save them.
    ExportRejected,
    /// Show this part of the Data view.
    ShowDataTab(Tab),
    /// Ask where to save, then write this text (CSV) there.
    SaveText {
        suggested_name: String,
        text: String,
    },
    /// Draw one chart alone, ask where to save, then write the picture there.
    SavePicture(Box<PictureOrder>),
    /// Open the export dialog on this list.
    OfferExport(Box<What>),
    /// Ask where, then write a list.
    Export(Box<ExportOrder>),
    /// The guided tour.
    Tour(TourAction),
    /// Open the manual at this section.
    ReadManual(manual::Place),
    /// Keep, arrange and present scenes.
    Scene(SceneAction),
    /// Save, open, find again, recover.
    File(FileAction),
    /// Remember, list, export and delete known exports.
    Layout(LayoutAction),
    /// What the menu, the palette or a key asked for.
    Run(Command),
}

/// Actions collected while drawing one frame.
pub type Actions = Vec<Action>;
