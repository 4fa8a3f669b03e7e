//! Opening files: recognise the shape, read, clean, sort.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{
    dataset::{
        Dataset, FileReading, Role,
        error::DataError,
        options::{self, ReadOptions},
        understanding::{Outcome, Question, Warning, WarningCode},
    },
    day,
    judge::finish,
    layouts::{self, Recognised, TableLayout},
    open::{
        archive, doors,
        source::{self, Input, Stamp},
    },
    relations::{self, calendar, customers, order_log, tables::Described},
    roles::{
        assign::{self, Said, TableRoles},
        doubts,
        job::{self, Job},
        money::{AmountGrain, Money},
        reason::Reason,
        shop_clock,
        sniffed::Sniffed,
        vocabulary,
    },
    table::{chunks, dialect, frame, records::Separator},
    values::{missing, numbers},
};
use crate::open::opened::Book;
use base::{figures, monitor::Monitor};

/// Opens files (or every data file of a folder) that together describe one shop.
///
/// # Errors
/// A [`DataError`] when the files are unreadable, do not form a known set, lack a needed column, or
/// hold no usable row. Rows that cannot be used are no error: they stand in the quality report.
pub fn load(
    paths: &[PathBuf],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Dataset, DataError> {
    load_inputs(&inputs_of(paths)?, options, monitor)
}

/// The files behind these paths; a folder stands for the data files in it.
///
/// # Errors
/// [`DataError`] when a folder cannot be read or holds no data file.
pub fn inputs_of(paths: &[PathBuf]) -> Result<Vec<Input>, DataError> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.is_dir() {
            inputs.extend(data_files(path)?.into_iter().map(Input::File));
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    Ok(inputs)
}

/// Opens one table that is part of the program, such as the sample shop.
///
/// # Errors
/// As [`load`].
pub fn load_bytes(
    name: &str,
    bytes: &'static [u8],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Dataset, DataError> {
    load_inputs(&[Input::memory(name, bytes)], options, monitor)
}

/// Opens files on disk and in memory that together describe one shop.
///
/// # Errors
/// As [`load`].
pub fn load_inputs(
    inputs: &[Input],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Dataset, DataError> {
    let stamps: Vec<Stamp> = inputs.iter().map(Input::stamp).collect::<Result<_, _>>()?;
    let job = prepare(inputs, options, monitor)?;
    let mut bytes = 0;
    for input in inputs {
        bytes += input.len()?;
    }
    let open = || {
        let gathered = gather(&job)?;
        // Judging in other ways begins with what was gathered; a large set has no room for two of it.
        let before = match &gathered {
            Gathered::Orders(gathered) if bytes <= WEIGHED_BYTES => Some(gathered.clone()),
            _ => None,
        };
        let mut dataset = judge(gathered, &job)?;
        let remarks = job.books.values().map(|book| book.remark.clone());
        dataset.remarks.extend(remarks);
        Ok::<_, DataError>((dataset, before))
    };
    // Few bytes are opened by many short steps of all cores: from one of the pool's own threads each
    // begins at once. Large files are read by another thread, for which one of these would only wait.
    let (mut dataset, before) = if job.bytes_total <= chunks::SMALL_BYTES {
        rayon::scope(|_| open())
    } else {
        open()
    }?;
    name_sheets(&mut dataset.files, &job.books);
    let readings = if bytes <= WEIGHED_BYTES {
        MOST_READINGS
    } else {
        0
    };
    weigh(&mut dataset, &job, before.as_deref(), readings)?;
    // Files are looked at, read, and read in other ways: all of it must have been the same bytes.
    for (stamp, input) in stamps.iter().zip(inputs) {
        stamp.check(input, stamp.bytes)?;
    }
    dataset.understanding.paragraph = paragraph(&dataset, &job.exports());
    Ok(dataset)
}

/// Larger sets are not read again for every choice of every question.
const WEIGHED_BYTES: u64 = 48 << 20;
/// A reading that moves no headline number by more than this share is no other reading.
const MATTERS: f64 = 0.01;
/// Readings worked out beside the one that counts.
const MOST_READINGS: usize = 8;

/// Works out what the choices of open questions make of the shop, up to so many `readings`; `before` is
/// what was gathered.
fn weigh(
    dataset: &mut Dataset,
    job: &Job<'_>,
    before: Option<&finish::Gathered>,
    mut readings: usize,
) -> Result<(), DataError> {
    let silent = job.monitor.without_progress();
    let now = dataset.outcome();
    for question in &mut dataset.understanding.questions {
        // How cells are read decides what is gathered; any other answer only how it is judged.
        let judged = !options::OF_READING.contains(&question.id.as_str());
        for choice in &mut question.choices {
            if choice.id == question.chosen {
                choice.outcome = Some(now);
            } else if readings > 0 {
                readings -= 1;
                let mut other = job.options.clone();
                other.answers.insert(question.id.clone(), choice.id.clone());
                let other = job.under(&other, &silent)?;
                let read = match before {
                    Some(before) if judged => {
                        judge(Gathered::Orders(before.clone().into()), &other)
                    }
                    _ => gather(&other).and_then(|gathered| judge(gathered, &other)),
                };
                choice.outcome = match read {
                    Ok(dataset) => Some(dataset.outcome()),
                    Err(DataError::Cancelled(cancelled)) => return Err(cancelled.into()),
                    // A reading under which nothing is left is a reading too: it has no outcome.
                    Err(_) => None,
                };
            }
        }
    }
    let questions = &mut dataset.understanding.questions;
    questions.retain(|question| !is_idle(question, now));
    Ok(())
}

/// The data set that was gathered.
fn judge(gathered: Gathered, job: &Job<'_>) -> Result<Dataset, DataError> {
    match gathered {
        Gathered::Customers(dataset) => Ok(*dataset),
        Gathered::Orders(gathered) => finish::finish(*gathered, job.options, job.monitor),
    }
}

/// Whether all readings of a question come to the same: there is nothing to ask.
fn is_idle(question: &Question, now: Outcome) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= MATTERS * a.abs().max(b.abs());
    // What the days are cannot be seen from these numbers.
    let of_days = [options::DATE, options::DAY_MONTH_ORDER, options::TIME_ZONE]
        .contains(&question.id.as_str());
    !question.answered
        && !of_days
        && question.choices.iter().all(|choice| {
            choice.outcome.is_some_and(|other| {
                near(now.customers as f64, other.customers as f64)
                    && near(now.orders as f64, other.orders as f64)
                    && near(now.net_revenue, other.net_revenue)
            })
        })
}

/// What was understood, in one paragraph that a manager can check; `exports` are the known ones.
fn paragraph(dataset: &Dataset, exports: &[String]) -> String {
    let Some((first, last)) = dataset.orders.day_range() else {
        return String::new();
    };
    let outcome = dataset.outcome();
    let warned = |code| {
        dataset
            .understanding
            .warnings
            .iter()
            .any(|warning| warning.code == code)
    };
    let money = if warned(WarningCode::NoAmount) {
        "without amounts".to_owned()
    } else {
        let revenue = figures::fixed(outcome.net_revenue, 0);
        format!(
            "net revenue {}",
            figures::with_currency(&revenue, &currency(dataset))
        )
    };
    let mut words = format!(
        "{} by {}, {} to {}, {money}.",
        figures::count(outcome.orders, "order", "orders"),
        figures::count(outcome.customers, "customer", "customers"),
        day::spelled(first),
        day::spelled(last),
    );
    let joined = dataset.understanding.plan.tables.len();
    if joined > 1 {
        let _ = write!(words, " Put together from {joined} tables.");
    }
    let given = dataset
        .understanding
        .warnings
        .iter()
        .filter(|warning| warning.code == WarningCode::Refunds);
    for warning in given {
        let _ = write!(words, " {}.", warning.text);
    }
    let days = dataset.files.iter().flat_map(|file| &file.columns);
    let days = days.into_iter().find(|column| column.role == Role::Date);
    if let Some(column) = days {
        let _ = write!(
            words,
            " Days come from `{}` ({}).",
            column.name, column.format
        );
    }
    if !exports.is_empty() {
        let _ = write!(words, " Read as {}.", exports.join(" and "));
    }
    words
}

/// The currency of the money that is added up: the answer to the question of which one, or what a column of
/// currencies says, what stands beside amounts, or the name of their column. Empty where nothing says it.
fn currency(dataset: &Dataset) -> String {
    let of_question = |question: &&Question| question.id == options::CURRENCY;
    let mut questions = dataset.understanding.questions.iter();
    if let Some(Question { chosen, .. }) = questions.find(of_question) {
        let mut one = ["money_", "only_"].iter();
        let one = one.find_map(|way| chosen.strip_prefix(way));
        return one.unwrap_or_default().to_owned();
    }
    let columns = |role: Role| {
        dataset.files.iter().flat_map(move |file| {
            let columns = file.columns.iter().enumerate();
            columns
                .filter(move |(_, column)| column.role == role)
                .map(move |(at, column)| {
                    let cells = file.preview.iter().filter_map(move |row| row.get(at));
                    (column.name.as_str(), cells)
                })
        })
    };
    let said = columns(Role::Currency).flat_map(|(_, cells)| cells);
    let mut said = said
        .map(|cell| cell.trim())
        .filter(|cell| !missing::is_missing(cell));
    let money = || columns(Role::Amount).chain(columns(Role::UnitPrice));
    let named = |(name, _)| {
        vocabulary::words(name)
            .into_iter()
            .find(|word| assign::is_code(word))
    };
    (said.next().map(str::to_owned))
        .or_else(|| {
            money()
                .flat_map(|(_, cells)| cells)
                .find_map(|cell| numbers::currency_of(cell))
        })
        .or_else(|| money().find_map(named).map(|code| code.to_uppercase()))
        .unwrap_or_default()
}

/// What files hold, before it is judged.
pub enum Gathered {
    /// Customers without orders, finished.
    Customers(Box<Dataset>),
    Orders(Box<finish::Gathered>),
}

/// Reads the files as what they are.
///
/// # Errors
/// Any error of reading; [`DataError::MissingColumn`] where no file tells customer and day.
pub fn gather(job: &Job<'_>) -> Result<Gathered, DataError> {
    let mut roles: Vec<TableRoles> = (0..job.files.len())
        .map(|at| job.roles(at))
        .collect::<Result<_, _>>()?;
    share_statuses(&job.files, &mut roles);
    share_totals(&job.files, &mut roles)?;
    if job.recognised.is_none()
        && customers::recognise(&job.files)
        && let Some(dataset) = customers::open(job)?
    {
        return Ok(Gathered::Customers(Box::new(dataset)));
    }
    let mut questions: Vec<Question> = Vec::new();
    for (file, roles) in job.files.iter().zip(&roles) {
        for question in doubts::questions(file, roles) {
            // Parts of one table leave the same open.
            let asked =
                |known: &Question| known.id == question.id && known.choices == question.choices;
            if !questions.iter().any(asked) {
                questions.push(question);
            }
        }
    }
    let clock = shop_clock::look(&job.files, &roles, job.options);
    questions.extend(clock.question);
    let mut warnings: Vec<Warning> = (job.files.iter().zip(&roles))
        .flat_map(|(file, roles)| doubts::warnings(file, roles))
        .collect();
    warnings.extend(clock.warning);
    let parts = frame::parts(&job.files);
    let judges_statuses = job.recognised.as_ref().is_some_and(|known| {
        let layout = known.layout;
        !(layout.kept.is_empty() && layout.not_kept.is_empty() && layout.joins.is_empty())
            || layout.tables.iter().any(|table| !table.rename.is_empty())
    });
    let plain = parts.len() == 1
        && !judges_statuses
        && job.files.iter().all(|file| file.dialect.columns.is_none())
        && roles.iter().all(order_log::is_plain);
    if plain && let Some(mut gathered) = order_log::read(job, &roles)? {
        gathered.understanding.questions = questions;
        gathered.understanding.warnings.extend(warnings);
        return Ok(Gathered::Orders(Box::new(gathered)));
    }
    let described = parts.into_iter().map(|files| {
        let at = job
            .files
            .iter()
            .position(|file| std::ptr::eq(file, files[0]))
            .unwrap_or_default();
        Described {
            roles: roles[at].clone(),
            layout: job.recognised.as_ref().and_then(|known| known.tables[at]),
            files,
        }
    });
    let layout = job.recognised.as_ref().map(|known| known.layout);
    let mut gathered = relations::read(described.collect(), layout, job)?;
    let matters = |question: &Question| {
        let mut beside = gathered.beside.iter();
        let part = beside.find(|(read, _)| read.input.name() == question.about);
        part.is_none_or(|(_, part)| part.starts_with("order") || *part == "payments")
    };
    gathered.understanding.questions = questions.into_iter().filter(matters).collect();
    gathered.understanding.warnings.extend(warnings);
    Ok(Gathered::Orders(Box::new(gathered)))
}

/// A month in which nothing was cancelled has a status of one word, which could be anything: what is a
/// status in one part of a table is one in all.
fn share_statuses(files: &[Sniffed], roles: &mut [TableRoles]) {
    for (from, to) in (0..files.len()).flat_map(|from| (0..files.len()).map(move |to| (from, to))) {
        let (known, other) = (&files[from], &files[to]);
        if from == to || known.folded().len() != other.folded().len() {
            continue;
        }
        for (at, place) in frame::places_of(known, other).into_iter().enumerate() {
            let status = roles[from].guesses[at].clone();
            let same = known.folded()[at] == other.folded()[place];
            let open = roles[to].guesses[place].role == Role::Attribute;
            if same && open && status.role == Role::Status && status.reason != Reason::Chosen {
                roles[to].guesses[place] = status;
            }
        }
    }
}

/// That totals of orders stand on their lines may show in one part of a table only: it holds for all parts
/// in which no order has lines of different amounts.
fn share_totals(files: &[Sniffed], roles: &mut [TableRoles]) -> Result<(), DataError> {
    for (at, file) in files.iter().enumerate() {
        let Money::Amount {
            column,
            grain: AmountGrain::Line,
        } = roles[at].money
        else {
            continue;
        };
        let shows = |(other, roles): (&Sniffed, &TableRoles)| match roles.money {
            Money::Amount {
                column: place,
                grain,
            } if grain != AmountGrain::Line => (other.folded().len() == file.folded().len()
                && other.folded().get(place) == file.folded().get(column))
            .then_some(grain),
            _ => None,
        };
        let grain = files.iter().zip(&*roles).find_map(shows);
        if let (Some(grain), Some(order)) = (grain, roles[at].column(Role::Order))
            && !has_lines_of_orders(file, order, column)?
        {
            roles[at].money = Money::Amount { column, grain };
        }
    }
    Ok(())
}

/// Whether an order of the sample has lines of different amounts.
fn has_lines_of_orders(file: &Sniffed, order: usize, amount: usize) -> Result<bool, DataError> {
    let samples = file.samples()?;
    let mut amounts = HashMap::<&str, &str>::new();
    let mut cells = samples[order]
        .cells
        .iter()
        .zip(samples[amount].cells.iter());
    Ok(cells.any(|(order, amount)| {
        let filled = !order.is_empty() && !amount.is_empty();
        filled && *amounts.entry(order).or_insert(amount) != amount
    }))
}

/// Says of workbooks what sheets they have.
pub(crate) fn name_sheets(files: &mut [FileReading], books: &BTreeMap<String, Book>) {
    for file in files {
        if let Some(book) = books.get(&file.name) {
            file.sheets.clone_from(&book.sheets);
            file.sheet.clone_from(&book.read);
        }
    }
}

/// Looks at every file: everything that reading them needs.
///
/// # Errors
/// [`DataError`] when a file cannot be read or is no table, or the time zone does not exist.
pub fn prepare<'a>(
    inputs: &[Input],
    options: &'a ReadOptions,
    monitor: &'a Monitor,
) -> Result<Job<'a>, DataError> {
    if inputs.is_empty() {
        return Err(DataError::FileSet {
            problem: "no file was given".to_owned(),
            advice: "Choose one or more files with order lines".to_owned(),
        });
    }
    monitor.check()?;
    let (mut files, mut books) = (Vec::new(), BTreeMap::new());
    for (file, book) in look(inputs, options)? {
        books.extend(book.map(|book| (file.input.name(), book)));
        files.push(file);
    }
    let mut bytes_total = 0;
    for file in &files {
        bytes_total += file.input.len()?;
    }
    let recognised = recognise(&mut files, options)?;
    let mut job = Job {
        files,
        options,
        zone: job::zone_of(options)?,
        monitor,
        bytes_total,
        books,
        recognised,
    };
    if job.recognised.is_none() {
        calendar::resolve(&mut job)?;
    }
    Ok(job)
}

/// The known export that the files are, the user's own before those that are compiled in; files without
/// header get the names of its columns.
fn recognise<'a>(
    files: &mut Vec<Sniffed>,
    options: &'a ReadOptions,
) -> Result<Option<Recognised<'a>>, DataError> {
    let headers: Vec<_> = files.iter().map(Sniffed::headers).collect();
    let own = options.taught.iter().filter(|own| !own.is_remembered());
    let Some(known) = layouts::recognise(&headers, own.chain(layouts::built_in())) else {
        return Ok(None);
    };
    drop(headers);
    let taken = std::mem::take(files);
    let mut fitting = true;
    for (file, table) in taken.into_iter().zip(&known.tables) {
        let named = table.filter(|table| !table.no_header.is_empty());
        let Some(table) = named else {
            files.push(file);
            continue;
        };
        let renamed = file.clone().renamed(&table.no_header);
        fitting &= fits(&renamed, table)?;
        files.push(if fitting { renamed } else { file });
    }
    Ok(fitting.then_some(known))
}

/// Whether the cells of a file without header are what a layout says.
fn fits(file: &Sniffed, table: &TableLayout) -> Result<bool, DataError> {
    let roles = file.roles(Said {
        layout: Some((table, "")),
        ..Said::default()
    })?;
    let mut columns = roles.guesses.iter().zip(&roles.facts);
    Ok(file.dialect.separator == Separator::Spaces
        && columns.all(|(guess, facts)| match guess.role {
            Role::Date => facts.dates >= 0.9,
            Role::Amount => facts.numbers >= 0.9,
            _ => facts.whole >= 0.9,
        }))
}

/// The tables behind some inputs, and what kind of text each is.
///
/// # Errors
/// [`DataError`] when one cannot be read or is no table.
pub(crate) fn look(
    inputs: &[Input],
    options: &ReadOptions,
) -> Result<Vec<(Sniffed, Option<Book>)>, DataError> {
    let tables = doors::tables(inputs, options)?;
    let looked = tables.par_iter().with_max_len(1).map(|table| {
        let (input, found) = dialect::look(table)?;
        Ok((Sniffed::new(input, found), table.book.clone()))
    });
    let looked: Vec<Result<_, DataError>> = looked.collect();
    looked.into_iter().collect()
}

/// Endings of files that a folder is searched for.
const DATA_ENDINGS: [&str; 9] = [
    "csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xls", "xlsb", "ods",
];
/// Endings of archives; what also stands unpacked beside one is not read twice.
const ARCHIVE_ENDINGS: [&str; 2] = ["gz", "zip"];
/// Endings of JSON files, which folders hold for many other reasons.
const JSON_ENDINGS: [&str; 3] = ["json", "jsonl", "ndjson"];

/// Whether an archive holds a table, and none of its files stands unpacked beside it.
fn is_packed_alone(path: &Path) -> bool {
    let beside = |name: &str| {
        let name = name.rsplit('/').next().unwrap_or(name);
        path.with_file_name(name).exists()
    };
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    match archive::names(&Input::File(path.to_path_buf())) {
        Some(names) => {
            let mut tables = names
                .iter()
                .filter(|name| archive::may_hold_table(name))
                .peekable();
            tables.peek().is_some() && !tables.any(|name| beside(name))
        }
        None => stem.is_some_and(|name| archive::may_hold_table(&name) && !beside(&name)),
    }
}

/// The data files of a folder, by name; hidden files and subfolders are left alone.
fn data_files(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let entries = std::fs::read_dir(folder).map_err(|error| source::io_error(folder, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| source::io_error(folder, error))?
            .path();
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let ends_with = |endings: &[&str]| {
            let ending = ending.as_deref();
            ending.is_some_and(|ending| endings.iter().any(|known| ending == *known))
        };
        let is_data = ends_with(&DATA_ENDINGS)
            || ends_with(&ARCHIVE_ENDINGS) && is_packed_alone(&path)
            || cfg!(feature = "parquet") && ends_with(&["parquet"])
            || ends_with(&JSON_ENDINGS);
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_data && !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(DataError::FileSet {
            problem: format!(
                "{}: the folder holds no .csv, .tsv, .txt or .xlsx file",
                folder.display()
            ),
            advice: "Choose the folder that holds the export, or the files themselves".to_owned(),
        });
    }
    Ok(files)
}
