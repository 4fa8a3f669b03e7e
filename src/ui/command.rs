//! Commands: one place for text, tooltip and shortcut, read by menus, the palette and the keys.

use egui::{Key, KeyboardShortcut, Modifiers};
use lucide_icons::Icon;

use super::action::View;

/// Something a person can ask for by name or by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    Show(View),
    Open,
    AddFiles,
    ReplaceFiles,
    Layouts,
    TrySample,
    Save,
    SaveAs,
    Export,
    Report,
    Tour,
    Glossary,
    Manual,
    AddScene,
    Scenes,
    Present,
    Close,
    Undo,
    Redo,
    DayBack,
    DayForward,
    WeekBack,
    WeekForward,
    MonthBack,
    MonthForward,
    First,
    Play,
    PlayPace,
    Latest,
    ClearSelection,
    Compare,
    PinSelection,
    ToggleInspector,
    ToggleRail,
    ToggleTheme,
    FollowSystemTheme,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    CancelJob,
    Palette,
    Shortcuts,
}

const PLAIN: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const ALT: Modifiers = Modifiers::ALT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);

impl Command {
    /// Every command, in the order of the palette.
    pub const ALL: [Self; 49] = [
        Self::Show(View::Start),
        Self::Show(View::Data),
        Self::Show(View::Overview),
        Self::Show(View::Cohorts),
        Self::Show(View::Segments),
        Self::Show(View::Models),
        Self::Show(View::Customers),
        Self::Show(View::Audiences),
        Self::Open,
        Self::AddFiles,
        Self::ReplaceFiles,
        Self::TrySample,
        Self::Save,
        Self::SaveAs,
        Self::Export,
        Self::Report,
        Self::Layouts,
        Self::Tour,
        Self::Glossary,
        Self::Manual,
        Self::AddScene,
        Self::Scenes,
        Self::Present,
        Self::Close,
        Self::Undo,
        Self::Redo,
        Self::DayBack,
        Self::DayForward,
        Self::WeekBack,
        Self::WeekForward,
        Self::MonthBack,
        Self::MonthForward,
        Self::First,
        Self::Play,
        Self::PlayPace,
        Self::Latest,
        Self::ClearSelection,
        Self::Compare,
        Self::PinSelection,
        Self::ToggleInspector,
        Self::ToggleRail,
        Self::ToggleTheme,
        Self::FollowSystemTheme,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::CancelJob,
        Self::Palette,
        Self::Shortcuts,
    ];

    /// Name in menus and in the palette.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Show(View::Start) => "Go to Start",
            Self::Show(View::Data) => "Go to Data",
            Self::Show(View::Overview) => "Go to Overview",
            Self::Show(View::Cohorts) => "Go to Cohorts",
            Self::Show(View::Segments) => "Go to Segments",
            Self::Show(View::Models) => "Go to Models",
            Self::Show(View::Customers) => "Go to Customers",
            Self::Show(View::Audiences) => "Go to Audiences",
            Self::Open => "Open files…",
            Self::AddFiles => "Add files to this shop…",
            Self::ReplaceFiles => "Replace the files of this shop…",
            Self::Layouts => "Known exports…",
            Self::TrySample => "Try the sample shop",
            Self::Save => "Save the project",
            Self::SaveAs => "Save the project as…",
            Self::Export => "Export a list…",
            Self::Report => "Save a report…",
            Self::Tour => "Take the tour",
            Self::Glossary => "What the words mean",
            Self::Manual => "Open the manual",
            Self::AddScene => "Add scene",
            Self::Scenes => "Show or hide the scenes",
            Self::Present => "Present",
            Self::Close => "Close this shop",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::DayBack => "As-of date: one day back",
            Self::DayForward => "As-of date: one day on",
            Self::WeekBack => "As-of date: one week back",
            Self::WeekForward => "As-of date: one week on",
            Self::First => "As-of date: first",
            Self::Play => "As-of date: play or pause",
            Self::PlayPace => "As-of date: play by week, month or quarter",
            Self::MonthBack => "As-of date: one month back",
            Self::MonthForward => "As-of date: one month on",
            Self::Latest => "As-of date: latest",
            Self::ClearSelection => "Clear the selection",
            Self::Compare => "Compare the selection…",
            Self::PinSelection => "Pin the selection to compare others with it",
            Self::ToggleInspector => "Show or hide the inspector",
            Self::ToggleRail => "Collapse or expand the rail",
            Self::ToggleTheme => "Switch between light and dark",
            Self::FollowSystemTheme => "Theme: follow the desktop",
            Self::ZoomIn => "Zoom in",
            Self::ZoomOut => "Zoom out",
            Self::ZoomReset => "Actual size",
            Self::CancelJob => "Cancel the running job",
            Self::Palette => "Find a command…",
            Self::Shortcuts => "Keyboard shortcuts",
        }
    }

    /// One sentence on what it does.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Show(View::Start) => "Five answers first, each with its number",
            Self::Show(View::Data) => "How the files were understood, and what was left out",
            Self::Show(View::Overview) => "Headline numbers and how they developed",
            Self::Show(View::Cohorts) => "Do customers come back? By month of first order",
            Self::Show(View::Segments) => "Customers by recency, frequency and value",
            Self::Show(View::Models) => "Train predictions and see how far to trust them",
            Self::Show(View::Customers) => "Every customer, and one in detail",
            Self::Show(View::Audiences) => "Whom to act on next, and what it brings",
            Self::Open => "Open a project, or one or more order files of a shop",
            Self::AddFiles => "Next month’s export joins; everything set up stays",
            Self::ReplaceFiles => "Go on with other files; everything set up stays",
            Self::Layouts => "Exports that open without being mapped: yours and those built in",
            Self::TrySample => "Open the built-in shop to look around",
            Self::Save => "Keep every setting in a file that brings back every number",
            Self::SaveAs => "Save under another name",
            Self::Export => "Customers, segments, cohorts and more as CSV or Excel",
            Self::Report => "Findings, charts, tables and definitions in one HTML file",
            Self::Tour => "Six short steps through the views",
            Self::Glossary => "Every term in plain words",
            Self::Manual => "What each view, word and verb does; opens where you are",
            Self::AddScene => "Keep what is on the screen for a presentation",
            Self::Scenes => "Captions, notes and order of the scenes",
            Self::Present => "The scenes in large, one by one; Esc leaves",
            Self::Close => "Return to the welcome page; nothing is deleted",
            Self::Undo => "Take back the last change of a setting",
            Self::Redo => "Repeat the change taken back",
            Self::DayBack => "See the shop as it was a day earlier",
            Self::DayForward => "See the shop as it was a day later",
            Self::WeekBack => "See the shop as it was a week earlier",
            Self::WeekForward => "See the shop as it was a week later",
            Self::First => "The first date with a customer",
            Self::Play => {
                "Watch the shop grow, step by step, to the last order; undo takes the whole run back"
            }
            Self::PlayPace => "How far each step goes while the date plays",
            Self::MonthBack => "See the shop as it was a month earlier",
            Self::MonthForward => "See the shop as it was a month later",
            Self::Latest => "Use every order: the day after the last one",
            Self::ClearSelection => "Look at all customers again",
            Self::Compare => "The selection next to everyone, or next to the pinned selection",
            Self::PinSelection => "Keep it as the other side of the comparison",
            Self::ToggleInspector => "The panel on the selected customers",
            Self::ToggleRail => "Show names or only icons",
            Self::ToggleTheme => "Light for bright rooms, dark for late hours",
            Self::FollowSystemTheme => "Use the theme your desktop uses",
            Self::ZoomIn => "Everything larger",
            Self::ZoomOut => "Everything smaller",
            Self::ZoomReset => "Back to 100 %",
            Self::CancelJob => "Stop what is being computed; earlier results stay",
            Self::Palette => "Type a few letters of what you want to do",
            Self::Shortcuts => "What each key does",
        }
    }

    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Show(view) => view_icon(view),
            Self::Open => Icon::FolderOpen,
            Self::AddFiles => Icon::FilePlus,
            Self::ReplaceFiles => Icon::FileInput,
            Self::Layouts => Icon::FileCheck,
            Self::TrySample => Icon::Store,
            Self::Save => Icon::Save,
            Self::SaveAs => Icon::SaveAll,
            Self::Export => Icon::FileDown,
            Self::Report => Icon::FileText,
            Self::Tour => Icon::Compass,
            Self::Glossary => Icon::BookOpen,
            Self::Manual => Icon::CircleQuestionMark,
            Self::AddScene => Icon::Clapperboard,
            Self::Scenes => Icon::Presentation,
            Self::Close | Self::CancelJob => Icon::CircleX,
            Self::Undo => Icon::Undo2,
            Self::Redo => Icon::Redo2,
            Self::Play | Self::PlayPace | Self::Present => Icon::Play,
            Self::DayBack
            | Self::DayForward
            | Self::WeekBack
            | Self::WeekForward
            | Self::MonthBack
            | Self::MonthForward
            | Self::First => Icon::CalendarDays,
            Self::Latest => Icon::RotateCcw,
            Self::ClearSelection => Icon::X,
            Self::Compare => Icon::Scale,
            Self::PinSelection => Icon::Pin,
            Self::ToggleInspector => Icon::PanelRight,
            Self::ToggleRail => Icon::PanelLeftClose,
            Self::ToggleTheme | Self::FollowSystemTheme => Icon::SunMoon,
            Self::ZoomIn | Self::ZoomOut | Self::ZoomReset => Icon::ZoomIn,
            Self::Palette => Icon::Search,
            Self::Shortcuts => Icon::Keyboard,
        }
    }

    #[must_use]
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::Show(View::Start) => (CTRL, Key::Num1),
            Self::Show(View::Data) => (CTRL, Key::Num2),
            Self::Show(View::Overview) => (CTRL, Key::Num3),
            Self::Show(View::Cohorts) => (CTRL, Key::Num4),
            Self::Show(View::Segments) => (CTRL, Key::Num5),
            Self::Show(View::Models) => (CTRL, Key::Num6),
            Self::Show(View::Customers) => (CTRL, Key::Num7),
            Self::Show(View::Audiences) => (CTRL, Key::Num8),
            Self::Open => (CTRL, Key::O),
            Self::Save => (CTRL, Key::S),
            Self::SaveAs => (CTRL_SHIFT, Key::S),
            Self::Export => (CTRL, Key::E),
            Self::AddScene => (CTRL, Key::D),
            Self::Scenes => (CTRL_SHIFT, Key::D),
            Self::Present => (PLAIN, Key::F5),
            Self::Manual => (PLAIN, Key::F1),
            Self::Close => (CTRL, Key::W),
            Self::Undo => (CTRL, Key::Z),
            Self::Redo => (CTRL_SHIFT, Key::Z),
            Self::DayBack => (ALT, Key::ArrowLeft),
            Self::DayForward => (ALT, Key::ArrowRight),
            Self::WeekBack => (ALT, Key::PageDown),
            Self::WeekForward => (ALT, Key::PageUp),
            Self::First => (ALT, Key::Home),
            Self::Play => (ALT, Key::P),
            Self::MonthBack => (ALT_SHIFT, Key::ArrowLeft),
            Self::MonthForward => (ALT_SHIFT, Key::ArrowRight),
            Self::Latest => (ALT, Key::End),
            Self::ClearSelection => (CTRL_SHIFT, Key::A),
            Self::Compare => (CTRL_SHIFT, Key::C),
            Self::PinSelection => (CTRL_SHIFT, Key::P),
            Self::ToggleInspector => (CTRL, Key::I),
            Self::ToggleRail => (CTRL, Key::B),
            Self::ToggleTheme => (CTRL_SHIFT, Key::L),
            Self::ZoomIn => (CTRL, Key::Plus),
            Self::ZoomOut => (CTRL, Key::Minus),
            Self::ZoomReset => (CTRL, Key::Num0),
            Self::Palette => (CTRL, Key::K),
            Self::Shortcuts => (PLAIN, Key::Questionmark),
            Self::AddFiles
            | Self::ReplaceFiles
            | Self::Layouts
            | Self::Report
            | Self::Tour
            | Self::Glossary
            | Self::TrySample
            | Self::FollowSystemTheme
            | Self::CancelJob
            | Self::PlayPace => {
                return None;
            }
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Name with its keys: "Undo (Ctrl+Z)".
    #[must_use]
    pub fn tip(self) -> String {
        self.shortcut().map_or_else(
            || self.text().to_owned(),
            |shortcut| format!("{} ({})", self.text(), shortcut_text(shortcut)),
        )
    }

    /// Whether it makes sense only while a shop is open.
    #[must_use]
    pub fn needs_shop(self) -> bool {
        matches!(
            self,
            Self::Show(_)
                | Self::AddFiles
                | Self::ReplaceFiles
                | Self::Save
                | Self::SaveAs
                | Self::Export
                | Self::Report
                | Self::Tour
                | Self::AddScene
                | Self::Scenes
                | Self::Present
                | Self::Close
                | Self::DayBack
                | Self::DayForward
                | Self::WeekBack
                | Self::WeekForward
                | Self::MonthBack
                | Self::MonthForward
                | Self::First
                | Self::Play
                | Self::Latest
                | Self::ClearSelection
                | Self::Compare
                | Self::PinSelection
                | Self::ToggleInspector
                | Self::ToggleRail
        )
    }
}

/// Icon of a view in the rail.
#[must_use]
pub fn view_icon(view: View) -> Icon {
    match view {
        View::Start => Icon::House,
        View::Data => Icon::Database,
        View::Overview => Icon::LayoutDashboard,
        View::Cohorts => Icon::Grid3x3,
        View::Segments => Icon::ChartPie,
        View::Models => Icon::TrendingUp,
        View::Customers => Icon::Users,
        View::Audiences => Icon::Target,
    }
}

/// `Ctrl+Shift+Z`, in words that are printed on keys.
#[must_use]
pub fn shortcut_text(shortcut: KeyboardShortcut) -> String {
    let mut parts = Vec::new();
    if shortcut.modifiers.command || shortcut.modifiers.ctrl {
        parts.push("Ctrl");
    }
    if shortcut.modifiers.alt {
        parts.push("Alt");
    }
    if shortcut.modifiers.shift {
        parts.push("Shift");
    }
    parts.push(match shortcut.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::Plus => "+",
        Key::Minus => "−",
        Key::Questionmark => "?",
        key => key.name(),
    });
    parts.join("+")
}

/// How well `query` matches `text` as a subsequence, higher is better; `None` when it does not.
///
/// Letters at the start of a word and runs of neighbours count more, so that "gc" finds "Go to
/// Cohorts" and "dark" finds "Switch between light and dark" before scattered hits.
#[must_use]
pub fn fuzzy_score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut score = 0;
    let mut position = 0;
    let mut previous: Option<usize> = None;
    for letter in query.chars().flat_map(char::to_lowercase) {
        if letter.is_whitespace() {
            previous = None;
            continue;
        }
        let word_start = |at: usize| at == 0 || !text[at - 1].is_alphanumeric();
        let candidates = || (position..text.len()).filter(|&at| text[at] == letter);
        let found = candidates()
            .find(|&at| previous.is_some_and(|before| at == before + 1))
            .or_else(|| candidates().find(|&at| word_start(at)))
            .or_else(|| candidates().next())?;
        score += 1;
        if word_start(found) {
            score += 8;
        }
        if previous.is_some_and(|before| found == before + 1) {
            score += 5;
        }
        previous = Some(found);
        position = found + 1;
    }
    Some(score - (text.len() as i32) / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key() {
        let mut seen: Vec<(KeyboardShortcut, Command)> = Vec::new();
        for command in Command::ALL {
            if let Some(shortcut) = command.shortcut() {
                if let Some((_, other)) = seen.iter().find(|(taken, _)| *taken == shortcut) {
                    panic!(
                        "{command:?} and {other:?} share {}",
                        shortcut_text(shortcut)
                    );
                }
                seen.push((shortcut, command));
            }
        }
        assert_eq!(seen.len(), 39);
    }

    #[test]
    fn the_list_of_commands_is_complete_and_free_of_doubles() {
        let texts: std::collections::BTreeSet<_> = Command::ALL.iter().map(|c| c.text()).collect();
        assert_eq!(texts.len(), Command::ALL.len());
        for view in View::ALL {
            assert!(Command::ALL.contains(&Command::Show(view)));
        }
    }

    #[test]
    fn shortcuts_are_written_as_on_the_keys() {
        let written = |command: Command| command.shortcut().map(shortcut_text);
        assert_eq!(written(Command::Redo).as_deref(), Some("Ctrl+Shift+Z"));
        assert_eq!(written(Command::MonthBack).as_deref(), Some("Alt+Shift+←"));
        assert_eq!(written(Command::Shortcuts).as_deref(), Some("?"));
    }

    #[test]
    fn the_palette_finds_by_initials_and_by_parts() {
        let best = |query: &str| {
            Command::ALL
                .into_iter()
                .filter_map(|command| Some((fuzzy_score(query, command.text())?, command)))
                // Of equals the palette lists the earlier command first.
                .max_by_key(|(score, command)| {
                    let place = Command::ALL.iter().position(|known| known == command);
                    (*score, std::cmp::Reverse(place))
                })
                .map(|(_, command)| command)
        };
        assert_eq!(best("gtc"), Some(Command::Show(View::Cohorts)));
        assert_eq!(best("dark"), Some(Command::ToggleTheme));
        assert_eq!(best("zoom in"), Some(Command::ZoomIn));
        assert_eq!(best("xyzzy"), None);
    }
}
