//! The last steps every shape shares: judge the rows, sort them, write the quality report.

use std::sync::Arc;

use hashbrown::HashMap;

use super::verdicts::{Rules, Tally};
use crate::dataset::understanding::Understanding;
use crate::{
    dataset::error::DataError,
    dataset::options::ReadOptions,
    dataset::quality::{Effect, MAX_SAMPLES, QualityReport, RowSample, RuleCount},
    dataset::tables::Table,
    dataset::{Dataset, FileReading, Role, Shape},
    judge::checks,
    judge::outliers::Bounds,
    judge::rules::Rule,
    lines::ingest::Read,
    lines::labels,
    lines::marks::{StatusKind, status_mark},
    lines::stage::{MAX_DISTINCT, Stage, StagedAttribute, mark},
    open::columns::Damage,
    orders::{Orders, PoolFull},
    roles::names,
    roles::reason::{Guess, Reason},
    sort::assemble::{Assembled, Ranking, assemble},
    table::refind,
    values::dates,
    values::numbers,
    values::text,
};
use base::{figures, monitor::Monitor};

/// Everything a shape has read.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub name: String,
    pub shape: Shape,
    pub stage: Stage,
    /// The files whose rows stand in the stage, in the order of their rows.
    pub reads: Vec<Read>,
    /// Files that were joined to them, and what each is within the set.
    pub beside: Vec<(Read, &'static str)>,
    pub remarks: Vec<String>,
    /// Rows in the stage that a shape's own rule met.
    pub own: Vec<(Rule, Tally)>,
    /// Records of joined files that could be read in part only.
    pub damage: Vec<Damage>,
    /// Tables to keep whole beside the orders.
    pub tables: Vec<Table>,
    /// What was noticed while the rows were read.
    pub understanding: Understanding,
}

/// Longest find shown in a sample.
const FOUND_CHARACTERS: usize = 120;

/// Rules, sorting, report.
///
/// # Errors
/// [`DataError::NoUsableRows`] when no row is left, or reading samples fails.
pub fn finish(
    gathered: Gathered,
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Dataset, DataError> {
    let Gathered {
        name,
        shape,
        mut stage,
        mut reads,
        mut beside,
        mut remarks,
        own,
        damage,
        tables,
        mut understanding,
    } = gathered;
    monitor.check()?;
    monitor.progress("Sorting by customer", 0, 0);
    let (mut rules, rule_remarks) = Rules::of(options);
    remarks.extend(rule_remarks);
    remarks.extend(reads.iter().flat_map(remarks_on));
    let joined: Vec<&Read> = beside.iter().map(|(read, _)| read).collect();
    rules.drop_duplicates |=
        checks::look_over(&mut stage, &reads, &joined, options, &mut understanding);
    let (mut verdicts, ranking) = judge_and_rank(&mut stage, rules);
    let own = own.into_iter().filter(|(rule, _)| rules.on(*rule));
    for (rule, tally) in own {
        verdicts.tallies[rule as usize] = tally;
    }
    let attributes = choose_attributes(&mut stage, &verdicts.flags, (&mut reads, &mut beside));
    let attributes = attributes.map_err(too_much_text)?;
    monitor.check()?;
    let reporter = Reporter {
        reads: &reads,
        bounds: verdicts.bounds,
        rules,
    };
    let (orders, mut quality) = reporter.assemble(stage, verdicts, &ranking, attributes)?;
    if rules.on(Rule::DamagedRecord) {
        quality.rules.extend(damaged_records(damage));
    }
    if orders.lines() == 0 {
        return Err(no_usable_rows(&reads, &quality));
    }
    let files = readings(shape, &reads, &beside)?;
    Ok(Dataset {
        name,
        shape,
        files,
        orders: orders.into(),
        tables: tables.into_iter().map(Arc::new).collect(),
        quality,
        understanding,
        remarks,
    })
}

/// Judges rows and sorts customers by id at once: judging asks for no id.
fn judge_and_rank(stage: &mut Stage, rules: Rules) -> (super::verdicts::Verdicts, Ranking) {
    let ids = std::mem::take(&mut stage.ids);
    let both = rayon::join(
        || super::verdicts::judge(stage, rules),
        || Ranking::of(&ids),
    );
    stage.ids = ids;
    both
}

fn too_much_text(full: PoolFull) -> DataError {
    DataError::FileSet {
        problem: full.to_string(),
        advice: "Leave long text columns out of the export".to_owned(),
    }
}

/// What was found out about a file, under its name.
fn remarks_on(read: &Read) -> impl Iterator<Item = String> {
    let name = read.input.name();
    let remarks = read.remarks.iter();
    remarks.map(move |remark| format!("{name}: {remark}"))
}

/// How every file of the set was understood, the order files first.
fn readings(
    shape: Shape,
    reads: &[Read],
    beside: &[(Read, &'static str)],
) -> Result<Vec<FileReading>, DataError> {
    let part = match shape {
        Shape::Olist => "orders",
        Shape::Thelook | Shape::DeDs => "order items",
        Shape::OrderLog | Shape::Cdnow | Shape::CustomerTable => "order lines",
    };
    reads
        .iter()
        .map(|read| read.reading(part))
        .chain(beside.iter().map(|(read, part)| read.reading(part)))
        .collect()
}

/// What was damaged in all files together.
fn damaged_records(damage: Vec<Damage>) -> Option<RuleCount> {
    let rows = damage.iter().map(|damage| damage.rows).sum();
    let samples = damage.into_iter().flat_map(|damage| damage.samples);
    (rows > 0).then(|| RuleCount {
        rule: Rule::DamagedRecord.name().to_owned(),
        explanation: Rule::DamagedRecord.explanation().to_owned(),
        effect: Rule::DamagedRecord.effect(),
        rows,
        limit: None,
        amount: 0.0,
        samples: samples.take(MAX_SAMPLES).collect(),
    })
}

fn no_usable_rows(reads: &[Read], quality: &QualityReport) -> DataError {
    let path = reads.first().map(|read| read.input.path().to_path_buf());
    let counts: Vec<String> = quality
        .rules
        .iter()
        .filter(|rule| rule.effect == Effect::Dropped)
        .map(|rule| {
            let sample = rule.samples.first().map_or_else(String::new, |sample| {
                format!(" (line {}: `{}`)", sample.line, sample.found)
            });
            format!("{} by {}{sample}", rule.rows, rule.rule)
        })
        .collect();
    let problem = if quality.rows_read == 0 {
        "there is a header, but no row below it".to_owned()
    } else {
        format!(
            "no row is left of {}: dropped {}",
            figures::count(quality.rows_read, "row", "rows"),
            counts.join(", ")
        )
    };
    DataError::NoUsableRows {
        path: path.unwrap_or_default(),
        problem,
        advice: "Check that the columns for customer, date and amount are the right ones"
            .to_owned(),
    }
}

/// Takes the attributes worth grouping by out of the stage; texts of the customers become labels, the
/// others ignored columns.
fn choose_attributes(
    stage: &mut Stage,
    flags: &[u8],
    (reads, beside): (&mut [Read], &mut [(Read, &'static str)]),
) -> Result<Vec<StagedAttribute>, PoolFull> {
    let joined = beside.iter_mut().map(|(read, _)| read);
    let mut told: Vec<Told<'_>> = reads.iter_mut().chain(joined).map(Told::of).collect();
    let rows = stage.rows();
    let mut kept = Vec::new();
    for attribute in std::mem::take(&mut stage.attributes) {
        let by_human = |told: &mut Told<'_>| {
            let guess = told.guess(&attribute.name);
            guess.is_some_and(|guess| guess.reason.is_human())
        };
        let chosen = told.iter_mut().any(by_human);
        let chosen = chosen || attribute.wanted;
        let crowded = unfit(&attribute, rows);
        let label = if chosen && !attribute.is_wide() {
            None
        } else {
            labels::of_rows(&attribute, (stage, flags), crowded.is_some())?
        };
        if let Some(label) = label {
            stage.labels.push(label);
            say(&mut told, &attribute.name, Role::Attribute, labels::REASON);
            continue;
        }
        let unfit = if attribute.gave_up {
            // The reading already says so.
            Some(None)
        } else if attribute.is_wide() {
            Some(Some(too_wide()))
        } else if chosen {
            None
        } else {
            crowded.map(Some)
        };
        match unfit {
            Some(Some(reason)) => {
                say(&mut told, &attribute.name, Role::Ignored, &reason);
            }
            Some(None) => {}
            None => {
                for told in &mut told {
                    if let Some(guess) = told.guess(&attribute.name)
                        && guess.role == Role::Attribute
                        && !guess.reason.is_human()
                    {
                        guess.reason = Reason::Said(
                            match attribute.values.len() {
                                1 => "1 value to group by".to_owned(),
                                values => format!("{values} distinct values to group by"),
                            }
                            .into(),
                        );
                    }
                }
                kept.push(attribute);
            }
        }
    }
    Ok(kept)
}

/// Says what became of a column that was taken for an attribute.
fn say(told: &mut [Told<'_>], name: &str, role: Role, reason: &str) {
    for told in told {
        if let Some(guess) = told.guess(name)
            && guess.role == Role::Attribute
        {
            *guess = Guess::said(role, reason.to_owned());
        }
    }
}

/// What was understood of a file's columns, by their names: there may be thousands.
struct Told<'a> {
    guesses: &'a mut [Guess],
    places: HashMap<&'a str, usize>,
}

impl<'a> Told<'a> {
    fn of(read: &'a mut Read) -> Self {
        let names = read.dialect.names.iter().map(String::as_str);
        Self {
            places: names.zip(0..).collect(),
            guesses: &mut read.guesses,
        }
    }

    fn guess(&mut self, name: &str) -> Option<&mut Guess> {
        self.guesses.get_mut(*self.places.get(name)?)
    }
}

fn too_wide() -> String {
    format!("more than {MAX_DISTINCT} distinct values: too many to group by")
}

/// Numbers and dates with more values than this are measurements, not groups.
const MAX_MEASURED: usize = 24;

/// Why a column is not fit to group by.
fn unfit(attribute: &StagedAttribute, rows: usize) -> Option<String> {
    let values = attribute.values.texts();
    let filled = || values.iter().filter(|value| !value.is_empty());
    let distinct = filled().count();
    if distinct == 0 {
        return Some("empty in every row".to_owned());
    }
    if distinct > 50 && distinct * 4 > rows {
        return Some("almost every row has a value of its own".to_owned());
    }
    if distinct > MAX_MEASURED && !names::is_code(&attribute.name) {
        if filled().all(numbers::looks_like_number) {
            return Some("numbers that no analysis reads".to_owned());
        }
        if filled().all(dates::looks_like_date) {
            return Some("dates that no analysis reads".to_owned());
        }
    }
    None
}

/// Turns tallies into the report, reading sampled rows again to show them.
struct Reporter<'a> {
    reads: &'a [Read],
    bounds: Bounds,
    rules: Rules,
}

impl Reporter<'_> {
    /// Sorts the kept rows, and reports on all of them.
    fn assemble(
        &self,
        stage: Stage,
        mut verdicts: super::verdicts::Verdicts,
        ranking: &Ranking,
        attributes: Vec<StagedAttribute>,
    ) -> Result<(Orders, QualityReport), DataError> {
        let rows = stage.rows() as u64;
        let mut tallies = std::mem::take(&mut verdicts.tallies);
        let drop_duplicates = self.rules.drop_duplicates;
        // What most rules met is known; only repetitions are found by sorting.
        let (assembled, samples) = rayon::join(
            || assemble(stage, (verdicts, ranking), drop_duplicates, attributes),
            || self.samples_before_sorting(&tallies),
        );
        let Assembled { orders, duplicates } = assembled.map_err(too_much_text)?;
        let mut samples = samples?;
        if drop_duplicates || self.rules.on(Rule::DuplicateLine) {
            let mut finder = refind::Finder::default();
            samples[Rule::DuplicateLine as usize] =
                self.samples(Rule::DuplicateLine, &duplicates.samples, &mut finder)?;
            tallies[Rule::DuplicateLine as usize] = duplicates;
        }
        let quality = self.write(&tallies, samples, (rows, orders.lines() as u64));
        Ok((orders, quality))
    }

    /// By rule, what the rules met that need no sorting.
    fn samples_before_sorting(&self, tallies: &[Tally]) -> Result<Vec<Vec<RowSample>>, DataError> {
        let mut finder = refind::Finder::default();
        let samples = Rule::ALL.iter().map(|&rule| match rule {
            Rule::BrokenRow => self.broken_samples(),
            Rule::DuplicateLine => Ok(Vec::new()),
            _ => self.samples(rule, &tallies[rule as usize].samples, &mut finder),
        });
        samples.collect()
    }

    fn write(
        &self,
        tallies: &[Tally],
        samples: Vec<Vec<RowSample>>,
        (rows_staged, rows_kept): (u64, u64),
    ) -> QualityReport {
        let broken_rows: u64 = self.reads.iter().map(|read| read.broken_rows).sum();
        let mut rules = Vec::new();
        for (rule, samples) in Rule::ALL.into_iter().zip(samples) {
            let tally = &tallies[rule as usize];
            let rows = if rule == Rule::BrokenRow {
                broken_rows
            } else {
                tally.rows
            };
            if rows == 0 {
                continue;
            }
            let drops = rule == Rule::DuplicateLine && self.rules.drop_duplicates;
            rules.push(RuleCount {
                rule: rule.name().to_owned(),
                explanation: if drops {
                    "Rows that repeat an earlier row in every column are dropped.".to_owned()
                } else {
                    rule.explanation().to_owned()
                },
                effect: if drops {
                    Effect::Dropped
                } else {
                    rule.effect()
                },
                rows,
                limit: self.bounds.limit(rule),
                amount: tally.amount,
                samples,
            });
        }
        QualityReport {
            rows_read: rows_staged + broken_rows,
            rows_kept,
            rules,
        }
    }

    fn samples(
        &self,
        rule: Rule,
        rows: &[u64],
        finder: &mut refind::Finder,
    ) -> Result<Vec<RowSample>, DataError> {
        let mut samples = Vec::new();
        for &row in rows {
            let Some(read) = self.reads.iter().rev().find(|read| read.first_row <= row) else {
                continue;
            };
            let Some(found) = finder.row(&read.plan(), &read.places, row - read.first_row)? else {
                continue;
            };
            let column = culprit(rule, read, &found.cells);
            let (column, cell) = match column {
                Some(at) => (read.dialect.names[at].clone(), found.cells[at].clone()),
                None => (String::new(), found.cells.join(", ")),
            };
            samples.push(RowSample {
                file: read.input.name(),
                line: found.line,
                column,
                found: text::shorten(cell.trim(), FOUND_CHARACTERS).into_owned(),
            });
        }
        Ok(samples)
    }

    fn broken_samples(&self) -> Result<Vec<RowSample>, DataError> {
        let mut samples = Vec::new();
        for read in self.reads {
            for broken in &read.broken {
                if samples.len() == MAX_SAMPLES {
                    return Ok(samples);
                }
                let line = refind::find_broken(&read.plan(), broken)?;
                let what = if broken.cells == 0 {
                    "a quote that is never closed".to_owned()
                } else {
                    format!(
                        "{} instead of {}",
                        figures::count(broken.cells as u64, "cell", "cells"),
                        read.dialect.names.len()
                    )
                };
                samples.push(RowSample {
                    file: read.input.name(),
                    line: broken.line,
                    column: String::new(),
                    found: format!("{what}: {}", text::shorten(&line, FOUND_CHARACTERS)),
                });
            }
        }
        Ok(samples)
    }
}

/// The column whose cell made the rule apply.
fn culprit(rule: Rule, read: &Read, cells: &[String]) -> Option<usize> {
    let has_role = |at: &usize, role: Role| read.guesses[*at].role == role;
    let negative = |cell: &str| cell.contains(['-', '(', '−']);
    match rule {
        Rule::NotKept => (0..cells.len())
            .filter(|at| has_role(at, Role::Status))
            .find(|&at| {
                let kind = StatusKind::of(&read.dialect.names[at]);
                status_mark(&cells[at], kind) & !mark::FULFILLED != 0
            }),
        Rule::CreditLine => rule
            .roles()
            .iter()
            .flat_map(|&role| (0..cells.len()).filter(move |at| has_role(at, role)))
            .find(|&at| negative(&cells[at]))
            .or_else(|| read.column(Role::Order)),
        _ => rule.roles().iter().find_map(|&role| read.column(role)),
    }
}
