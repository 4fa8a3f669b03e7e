//! What the welcome page offers: recent shops and the session of last time.

use data::day::{Day, from_civil};
use pipeline::snapshot::Shop;
use project::{Project, Recent, Settings, Source, file, session::Session};
use ui::format;

/// Key of the settings in the window's storage.
pub(super) const SETTINGS_KEY: &str = "settings";

/// How the welcome page names a session.
pub(super) fn offer(session: &Session, settings: &Settings) -> Recent {
    let known = settings
        .recent
        .iter()
        .find(|recent| recent.source == session.project.source);
    let name = match (&session.document, known) {
        (None, Some(recent)) => recent.name.clone(),
        _ => session.name(),
    };
    let as_of = session.project.as_of;
    Recent {
        source: session.project.source.clone(),
        name: name.clone(),
        size: name,
        opened: as_of
            .map(|day| format!("as of {}", format::date(day)))
            .unwrap_or_default(),
    }
}

/// An entry for the welcome page: the project file when there is one, else the data.
pub(super) fn recent(
    shop: &Shop,
    project: &Project,
    document: Option<&std::path::Path>,
) -> Option<Recent> {
    if project.source == Source::None {
        return None;
    }
    let (source, name) = match document {
        Some(path) => (Source::Files(vec![path.to_owned()]), file::stem(path)),
        None => (project.source.clone(), shop.dataset.name.clone()),
    };
    Some(Recent {
        source,
        name,
        size: format::count(shop.overview.kpis.customers, "customer", "customers"),
        opened: today().map(format::date).unwrap_or_default(),
    })
}

/// Today's date, the only clock in the app; no number depends on it.
fn today() -> Option<Day> {
    // A clock set beyond the calendar is no reason to stop: the date is then left out.
    let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).ok()?;
    let date = now.to_zoned(jiff::tz::TimeZone::system()).date();
    from_civil(
        date.year().into(),
        date.month().unsigned_abs().into(),
        date.day().unsigned_abs().into(),
    )
}
