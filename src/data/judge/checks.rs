//! What only all rows of a shop together show: ids spelled in two ways, several currencies, unpaid orders,
//! totals rows, overlapping files. Each is put right or asked about, and said.

mod files;
mod sides;

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use crate::{
    dataset::{
        Role,
        options::{self, ReadOptions},
        understanding::{Choice, Question, Understanding, Warning, WarningCode},
    },
    day::{self, Day},
    lines::{
        ingest::Read,
        stage::{CURRENCIES, NO_CUSTOMER, Stage, StagedAttribute, mark},
    },
    values::{
        dates::{OrderEvidence, UNREADABLE},
        missing,
        numbers::{Decimal, Evidence},
        serials,
        status::{self, Standing},
        text,
    },
};
use base::figures;

/// Looks over all rows; marks and codes are changed, and everything is said in `understanding`. Returns
/// whether rows that repeat an earlier one are left out.
pub fn look_over(
    stage: &mut Stage,
    reads: &[Read],
    joined: &[&Read],
    options: &ReadOptions,
    understanding: &mut Understanding,
) -> bool {
    let mut shop = Shop {
        stage,
        reads,
        joined,
        options,
        understanding,
    };
    shop.day_and_month();
    shop.decimal_sign();
    shop.spreadsheet_days();
    shop.overlapping_files();
    shop.orders_again();
    let folded = shop.folded_ids();
    shop.overlapping_spellings(&folded);
    shop.copies_in_other_columns();
    shop.order_numbers_used_again();
    shop.rounded_ids();
    shop.missing_words();
    shop.guests();
    shop.totals_rows();
    shop.totals_of_orders();
    shop.placeholder_dates();
    shop.rows_without_amount();
    shop.sides_of_rows();
    shop.unpaid();
    shop.refunded_twice();
    shop.unknown_statuses();
    shop.currencies();
    shop.copied_orders()
}

struct Shop<'a> {
    stage: &'a mut Stage,
    reads: &'a [Read],
    /// Tables whose columns were joined to the rows.
    joined: &'a [&'a Read],
    options: &'a ReadOptions,
    understanding: &'a mut Understanding,
}

/// Rows of one file within the stage.
type Rows = std::ops::Range<usize>;

impl Shop<'_> {
    fn warn(&mut self, code: WarningCode, rows: u64, text: String) {
        self.understanding
            .warnings
            .push(Warning { code, text, rows });
    }

    /// Asks, and returns the id of the reading that counts: the answer, or the likeliest.
    fn ask(&mut self, id: &str, about: String, text: String, choices: Vec<Choice>) -> String {
        let answer = self.options.answers.get(id);
        let answer = answer.filter(|answer| choices.iter().any(|choice| choice.id == **answer));
        let likeliest = choices
            .first()
            .map(|choice| choice.id.clone())
            .unwrap_or_default();
        let chosen = answer.cloned().unwrap_or(likeliest);
        self.understanding.questions.push(Question {
            id: id.to_owned(),
            about,
            text,
            choices,
            chosen: chosen.clone(),
            answered: answer.is_some(),
        });
        chosen
    }

    fn rows_of(&self) -> Vec<Rows> {
        let reads = self.reads.iter();
        reads
            .map(|read| read.first_row as usize..(read.first_row + read.rows) as usize)
            .collect()
    }

    fn attribute(&self, name: &str) -> Option<&StagedAttribute> {
        self.stage
            .attributes
            .iter()
            .find(|known| known.name == name && !known.gave_up)
    }

    /// Names of the columns with a role, in all files.
    fn columns(&self, role: Role) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for read in self.reads.iter().chain(self.joined.iter().copied()) {
            for (guess, name) in read.guesses.iter().zip(&read.dialect.names) {
                if guess.role == role && !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names
    }

    /// Every date fits both orders of day and month.
    fn day_and_month(&mut self) {
        let mut evidence = OrderEvidence::default();
        for read in self.reads {
            evidence.add(read.dates);
        }
        if !evidence.is_ambiguous() || self.options.date_order.is_some() {
            return;
        }
        let choices = vec![
            Choice::new(
                options::DAY_MONTH,
                "the day comes first: 03/04 is the 3rd of April",
            ),
            Choice::new(
                options::MONTH_DAY,
                "the month comes first: 03/04 is March 4",
            ),
        ];
        let about = self.columns(Role::Date).join(", ");
        let text = "Every date fits both day/month and month/day. Which comes first?".to_owned();
        let chosen = self.ask(options::DAY_MONTH_ORDER, about, text, choices);
        let words = if chosen == options::MONTH_DAY {
            "month/day/year"
        } else {
            "day/month/year"
        };
        self.warn(
            WarningCode::DayMonthOrder,
            evidence.open,
            format!("Every date fits both day/month and month/day; read as {words}"),
        );
    }

    /// Amounts such as 1.250 only: one and a quarter, or twelve hundred and fifty.
    fn decimal_sign(&mut self) {
        let mut evidence = Evidence::default();
        for read in self.reads {
            evidence.add(read.numbers);
        }
        if !evidence.is_ambiguous() {
            return;
        }
        let comma = self.reads.iter().any(|read| read.decimal == Decimal::Comma);
        let point = Choice::new(
            options::POINT,
            "the point is the decimal sign: 1.250 is one and a quarter, 1,250 more than a thousand",
        );
        let thousands = Choice::new(
            options::COMMA,
            "the point parts thousands: 1.250 is one thousand two hundred and fifty, 1,250 one and a quarter",
        );
        let answered = self.options.answers.contains_key(options::DECIMAL_SIGN);
        let choices = if comma && !answered {
            vec![thousands, point]
        } else {
            vec![point, thousands]
        };
        let about = self.columns(Role::Amount).join(", ");
        let text = "The amounts can be read in two ways: nothing says whether their sign parts thousands or decimals.".to_owned();
        self.ask(options::DECIMAL_SIGN, about, text, choices);
        self.warn(
            WarningCode::DecimalSign,
            evidence.open,
            "Amounts such as 1.250 can be read in two ways; nothing says whether the sign parts thousands or decimals".to_owned(),
        );
    }

    /// Days that a spreadsheet counted: from 1900, unless it is an old one of a Mac.
    fn spreadsheet_days(&mut self) {
        let Some(format) = serials::Form::Serial1900.format() else {
            return;
        };
        let counted = self.reads.iter().find_map(|read| {
            let at = read.formats.iter().position(|known| known == format)?;
            Some(read.dialect.names[at].clone())
        });
        if let Some(name) = counted {
            self.warn(
                WarningCode::SpreadsheetDays,
                0,
                format!("`{name}` holds days as a spreadsheet counts them, read as counted from 1900; if it counts from 1904, all days are four years later"),
            );
        }
    }

    /// One person whose id is spelled in two ways becomes one; returns those people.
    fn folded_ids(&mut self) -> HashSet<u32> {
        let texts = self.stage.ids.texts();
        let ids: Vec<&str> = texts.iter().collect();
        let folds: Vec<Option<String>> = ids
            .par_iter()
            .with_min_len(1 << 12)
            .map(|id| can_fold(id).then(|| text::fold_id(id)))
            .collect();
        let mut groups = HashMap::<&str, Vec<u32>>::new();
        let folded: HashSet<&str> = folds.iter().flatten().map(String::as_str).collect();
        if folded.is_empty() {
            return HashSet::new();
        }
        for (code, (id, fold)) in ids.iter().zip(&folds).enumerate() {
            let key = fold.as_deref().unwrap_or(id);
            if fold.is_some() || folded.contains(key) {
                groups.entry(key).or_default().push(code as u32);
            }
        }
        let mut several: Vec<Vec<u32>> = groups
            .into_values()
            .filter(|codes| codes.len() > 1)
            .collect();
        if several.is_empty() {
            return HashSet::new();
        }
        several.sort_unstable();
        let files = self.files_of(&several);
        let (mut becomes, mut merged, mut apart) = (HashMap::<u32, u32>::new(), 0_u64, 0_u64);
        let mut example = String::new();
        for codes in &several {
            let by_zeros = codes
                .iter()
                .any(|code| ids[*code as usize].trim_start_matches('0') != ids[*code as usize])
                && codes.iter().all(|code| {
                    ids[*code as usize]
                        .bytes()
                        .all(|byte| byte.is_ascii_digit())
                });
            // Zeros were lost by one of the files; within one file 17 and 017 may be two people.
            let mut seen = HashSet::new();
            let one_each = codes
                .iter()
                .all(|code| files[code].iter().all(|file| seen.insert(*file)));
            if by_zeros && !one_each {
                apart += 1;
                continue;
            }
            // The longest spelling has kept its zeros; of equally long ones the first in byte order.
            let best = codes.iter().copied().max_by_key(|code| {
                let id = ids[*code as usize];
                (id.len(), std::cmp::Reverse(id))
            });
            let Some(best) = best else { continue };
            if example.is_empty() {
                let other = codes
                    .iter()
                    .find(|code| **code != best)
                    .map_or("", |code| ids[*code as usize]);
                example = format!("{} and {other}", ids[best as usize]);
            }
            merged += 1;
            becomes.extend(codes.iter().map(|code| (*code, best)));
        }
        for customer in &mut self.stage.customers {
            if let Some(best) = becomes.get(customer) {
                *customer = *best;
            }
        }
        if merged > 0 {
            self.warn(
                WarningCode::FoldedIds,
                merged,
                format!("{} spelled in more than one way ({example}: case, blanks or leading zeros); each counts as one", figures::count(merged, "customer", "customers")),
            );
        }
        if apart > 0 {
            self.warn(
                WarningCode::FoldedIds,
                apart,
                format!(
                    "{} told apart by leading zeros alone within one file: different customers",
                    figures::count(apart, "customer id", "customer ids")
                ),
            );
        }
        becomes.into_values().collect()
    }

    /// The files in which each of some customers has rows.
    fn files_of(&self, groups: &[Vec<u32>]) -> HashMap<u32, Vec<usize>> {
        let mut files: HashMap<u32, Vec<usize>> = groups
            .iter()
            .flatten()
            .map(|code| (*code, Vec::new()))
            .collect();
        for (file, rows) in self.rows_of().into_iter().enumerate() {
            for row in rows {
                if let Some(known) = files.get_mut(&self.stage.customers[row])
                    && known.last() != Some(&file)
                {
                    known.push(file);
                }
            }
        }
        files
    }

    /// Ids in scientific notation were rounded by a spreadsheet: different people have become one.
    fn rounded_ids(&mut self) {
        let ids = self.stage.ids.texts();
        let rounded: HashSet<u32> = (0..)
            .zip(ids.iter())
            .filter(|(_, id)| text::is_scientific(id))
            .map(|(code, _)| code)
            .collect();
        if rounded.is_empty() {
            return;
        }
        let rows = self
            .stage
            .customers
            .iter()
            .filter(|customer| rounded.contains(*customer))
            .count() as u64;
        let column = self.columns(Role::Customer).join(", ");
        let example = rounded
            .iter()
            .min()
            .map(|code| ids.get(*code as usize).to_owned())
            .unwrap_or_default();
        self.warn(
            WarningCode::RoundedIds,
            rows,
            format!(
                "{} in {column} written in scientific notation ({example}): a spreadsheet has rounded them, so different customers have become one and cannot be told apart. Export the file again without opening it in a spreadsheet",
                figures::count(rounded.len() as u64, "id", "ids")
            ),
        );
    }

    /// `NA` beside empty cells: a name, or nothing?
    fn missing_words(&mut self) {
        let Some(code) = self.stage.ids.find("NA") else {
            return;
        };
        let rows = self
            .stage
            .customers
            .iter()
            .filter(|customer| **customer == code)
            .count() as u64;
        let empty = self.stage.customers.contains(&NO_CUSTOMER);
        if rows == 0 || !empty {
            return;
        }
        let column = self.columns(Role::Customer).join(", ");
        let choices = vec![
            Choice::new("customer", "NA is a customer of that name"),
            Choice::new("missing", "NA means that the customer is not known"),
        ];
        let chosen = self.ask(
            "na_customer",
            column,
            format!(
                "The customer of {} is NA, and others name none. Is NA a customer?",
                figures::count(rows, "row", "rows")
            ),
            choices,
        );
        if chosen == "missing" {
            for customer in &mut self.stage.customers {
                if *customer == code {
                    *customer = NO_CUSTOMER;
                }
            }
        }
    }

    /// "guest", or the number 0 with the orders of many, is nobody's id.
    fn guests(&mut self) {
        let mut rows = vec![0_u64; self.stage.ids.len()];
        for customer in &self.stage.customers {
            if let Some(rows) = rows.get_mut(*customer as usize) {
                *rows += 1;
            }
        }
        let known = rows.iter().filter(|rows| **rows > 0).count() as u64;
        let all: u64 = rows.iter().sum();
        let others = |of: u64| (all - of) / known.saturating_sub(1).max(1);
        let texts = self.stage.ids.texts();
        let is_nobody = |id: &str, of: u64| {
            of > 1 && missing::is_guest(id)
                || id == "0" && of > 4 && known > 2 && of >= 3 * others(of).max(1)
        };
        let mut found = (0..).zip(texts.iter()).zip(&rows);
        let nobody = found.find(|((_, id), of)| is_nobody(id, **of));
        let Some(((code, id), of)) = nobody else {
            return;
        };
        let (code, id, of): (u32, String, u64) = (code, id.to_owned(), *of);
        drop(found);
        let column = self.columns(Role::Customer).join(", ");
        let choices = vec![
            Choice::new(
                "nobody",
                "they are of guests who cannot be told apart: left out",
            ),
            Choice::new("customer", "it is one customer"),
        ];
        let text = format!(
            "The customer of {} is `{id}`. Is that one customer?",
            figures::count(of, "row", "rows")
        );
        if self.ask("guest_customer", column, text, choices) == "nobody" {
            for customer in &mut self.stage.customers {
                if *customer == code {
                    *customer = NO_CUSTOMER;
                }
            }
        }
    }

    /// A row that adds up the rows above it is no sale.
    fn totals_rows(&mut self) {
        let ids = self.stage.ids.texts();
        let labels: HashSet<u32> = (0..)
            .zip(ids.iter())
            .filter(|(_, id)| is_total_word(id))
            .map(|(code, _)| code)
            .collect();
        let mut found = 0;
        for rows in self.rows_of() {
            let whole: f64 = rows
                .clone()
                .map(|row| self.stage.amounts[row])
                .filter(|amount| !amount.is_nan())
                .sum();
            let (mut since, mut sales) = (0.0, 0.0);
            for row in rows {
                let (amount, customer) = (self.stage.amounts[row], self.stage.customers[row]);
                if amount.is_nan() {
                    continue;
                }
                let labelled = labels.contains(&customer);
                let adds_up = |sum: f64| amount != 0.0 && (amount - sum).abs() < 0.011;
                let nobody = customer == NO_CUSTOMER && self.stage.orders.head(row) == 0;
                let of_all = adds_up(whole - amount) || adds_up(since);
                if (labelled || nobody) && of_all && since != 0.0 || labelled && adds_up(sales) {
                    self.stage.marks[row] |= mark::TOTALS;
                    found += 1;
                    since = 0.0;
                } else {
                    since += amount;
                    sales += amount;
                }
            }
        }
        if found > 0 {
            self.warn(
                WarningCode::TotalsRow,
                found,
                format!(
                    "{found} totals {} the rows above and {} no sale: left out",
                    if found == 1 {
                        "row adds up"
                    } else {
                        "rows add up"
                    },
                    if found == 1 { "is" } else { "are" },
                ),
            );
        }
    }

    /// Days such as 1900-01-01 or 9999-12-31, far from all others, stand for "no date".
    fn placeholder_dates(&mut self) {
        let days = &self.stage.days;
        if !days
            .par_iter()
            .with_min_len(1 << 14)
            .any(|&day| serials::is_placeholder(day))
        {
            return;
        }
        let usual = days
            .iter()
            .copied()
            .filter(|&day| day > UNREADABLE && !serials::is_placeholder(day));
        let (low, high) = usual.fold((Day::MAX, Day::MIN), |(low, high), day| {
            (low.min(day), high.max(day))
        });
        if low > high {
            return;
        }
        let far = |day: Day| day < low - FAR_DAYS || day > high + FAR_DAYS;
        let (mut rows, mut found) = (0, Vec::new());
        for day in &mut self.stage.days {
            if *day > UNREADABLE && serials::is_placeholder(*day) && far(*day) {
                if !found.contains(day) {
                    found.push(*day);
                }
                *day = UNREADABLE;
                rows += 1;
            }
        }
        if rows > 0 {
            let found: Vec<String> = found.into_iter().map(day::iso).collect();
            self.warn(
                WarningCode::PlaceholderDates,
                rows,
                format!(
                    "Left out {} dated {}: that stands for “no date”",
                    figures::count(rows, "row", "rows"),
                    found.join(", ")
                ),
            );
        }
    }

    /// Many rows without an amount may have it in a column that nobody reads.
    fn rows_without_amount(&mut self) {
        let stage = &*self.stage;
        let rows = stage.rows();
        let empty = (0..rows).filter(|&row| {
            stage.amounts[row].is_nan()
                && stage.customers[row] != NO_CUSTOMER
                && stage.days[row] > UNREADABLE
        });
        let empty = empty.count() as u64;
        if empty as f64 > MANY_EMPTY * rows as f64 {
            let column = [self.columns(Role::Amount), self.columns(Role::UnitPrice)].concat();
            let text = format!(
                "{empty} of {rows} rows have no amount in {} and were left out; if it stands in another column, say so",
                column.join(", ")
            );
            self.warn(WarningCode::AmountChoice, empty, text);
        }
    }

    /// Orders that failed are no sales; nor are those that nobody has paid yet, unless they are so many that
    /// the word means something else.
    fn unpaid(&mut self) {
        let failed = self.leave_unpaid(mark::FAILED);
        if failed > 0 {
            let words = self.status_words(|standing| standing == Standing::Failed);
            let text = format!(
                "{} failed or never finished, by the status ({words}): no sales",
                figures::count(failed, "row", "rows")
            );
            self.warn(WarningCode::UnknownStatus, failed, text);
        }
        let open = |marks: &&u16| **marks & mark::UNPAID != 0 && is_unfulfilled(**marks);
        let marks = &self.stage.marks;
        let rows = marks.iter().filter(open).count() as u64;
        if rows == 0 {
            return;
        }
        let share = rows as f64 / marks.len() as f64;
        let words = self.status_words(|standing| standing == Standing::Unpaid);
        let no_sales = Choice::new("no_sales", "they are no sales: nobody has paid them");
        let sales = Choice::new("sales", "they are sales: the word is a step on their way");
        let choices = if share > MANY_UNPAID {
            vec![sales, no_sales]
        } else {
            vec![no_sales, sales]
        };
        let chosen = if share > SOME_UNPAID || self.options.answers.contains_key("unpaid") {
            let about = self.columns(Role::Status).join(", ");
            let text = format!(
                "{} not paid or not finished, by the status ({words}). Do they count as sales?",
                figures::count(rows, "row", "rows")
            );
            self.ask("unpaid", about, text, choices)
        } else {
            let (chosen, what) = if share < FEW_UNPAID {
                ("sales", "too few to matter, and counted as sales")
            } else {
                ("no_sales", "no sales")
            };
            self.warn(
                WarningCode::UnknownStatus,
                rows,
                format!(
                    "{} not paid or not finished, by the status ({words}): {what}",
                    figures::count(rows, "row", "rows")
                ),
            );
            chosen.to_owned()
        };
        if chosen == "no_sales" {
            self.leave_unpaid(mark::UNPAID);
        }
    }

    /// Makes rows with a mark no sales, where their goods were not sent; returns how many there are.
    fn leave_unpaid(&mut self, unpaid: u16) -> u64 {
        let mut rows = 0;
        for marks in &mut self.stage.marks {
            if *marks & unpaid != 0 && is_unfulfilled(*marks) {
                *marks |= mark::NOT_KEPT;
                rows += 1;
            }
        }
        rows
    }

    /// A status says that money was given back and a credit line of the same order says it again: once.
    fn refunded_twice(&mut self) {
        let stage = &*self.stage;
        if stage.orders.is_empty() {
            return;
        }
        // A credit line may bear the status of its order.
        let refunded =
            |row: usize| stage.marks[row] & mark::REFUNDED != 0 && stage.amounts[row] >= 0.0;
        let mut orders = HashSet::new();
        for row in (0..stage.rows()).filter(|&row| refunded(row)) {
            stage.orders.with_text(row, |id| {
                orders.insert((stage.customers[row], id.to_owned()))
            });
        }
        if orders.is_empty() {
            return;
        }
        let credits: Vec<usize> = (0..stage.rows())
            .filter(|&row| stage.amounts[row] < 0.0)
            .filter(|&row| {
                stage.orders.with_text(row, |id| {
                    !id.is_empty() && orders.contains(&(stage.customers[row], id.to_owned()))
                })
            })
            .collect();
        let mut twice = HashSet::new();
        for &row in &credits {
            stage.orders.with_text(row, |id| {
                twice.insert((stage.customers[row], id.to_owned()))
            });
        }
        let sales: Vec<usize> = (0..stage.rows())
            .filter(|&row| refunded(row))
            .filter(|&row| {
                stage.orders.with_text(row, |id| {
                    twice.contains(&(stage.customers[row], id.to_owned()))
                })
            })
            .collect();
        // The credit line has its own day and amount: it is the one that counts.
        for row in sales {
            self.stage.marks[row] &= !(mark::NOT_KEPT | mark::REFUNDED);
        }
        if !credits.is_empty() {
            self.warn(
                WarningCode::Refunds,
                credits.len() as u64,
                "Some orders are marked refunded and have a credit line too; the money is taken off once, by the credit line".to_owned(),
            );
        }
    }

    fn status_words(&self, wanted: impl Fn(Standing) -> bool) -> String {
        self.words_of_rows(wanted, |_| true)
    }

    /// The words of a standing that rows with some marks bear.
    fn words_of_rows(
        &self,
        wanted: impl Fn(Standing) -> bool,
        of_marks: impl Fn(u16) -> bool,
    ) -> String {
        let mut words = Vec::new();
        for name in self.columns(Role::Status) {
            let Some(attribute) = self.attribute(&name) else {
                continue;
            };
            let texts = attribute.values.texts();
            let wanted = |word: &str| !word.is_empty() && wanted(status::standing(word));
            let mut open: Vec<bool> = texts.iter().map(wanted).collect();
            if !open.contains(&true) {
                continue;
            }
            let mut borne = vec![false; open.len()];
            for (row, marks) in self.stage.marks.iter().enumerate() {
                let code = attribute.codes.get(row) as usize;
                if open.get(code) == Some(&true) && of_marks(*marks) {
                    (open[code], borne[code]) = (false, true);
                }
            }
            for (word, _) in texts.iter().zip(borne).filter(|(_, borne)| *borne) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words.truncate(6);
        words.join(", ")
    }

    /// Words of a status that nobody knows count as sales, and are named.
    fn unknown_statuses(&mut self) {
        let events = self.status_words(|standing| standing == Standing::NoPurchase);
        if !events.is_empty() {
            self.warn(
                WarningCode::UnknownStatus,
                0,
                format!(
                    "Rows that say {events} are no purchases: they are no orders and bring no money"
                ),
            );
        }
        let words = self.words_of_rows(
            |standing| standing == Standing::Unknown,
            |marks| marks & mark::NOT_KEPT == 0,
        );
        if !words.is_empty() {
            self.warn(
                WarningCode::UnknownStatus,
                0,
                format!("Statuses that Keepers does not know count as sales: {words}"),
            );
        }
    }

    /// Several currencies are never added up.
    fn currencies(&mut self) {
        let mut names = self.columns(Role::Currency);
        names.push(CURRENCIES.to_owned());
        for name in names {
            let Some(attribute) = self.attribute(&name) else {
                continue;
            };
            let mut sums = vec![(0_u64, 0.0); attribute.values.len()];
            // The word of a totals row may stand in any column.
            let sales =
                (0..self.stage.rows()).filter(|&row| self.stage.marks[row] & mark::TOTALS == 0);
            for row in sales {
                let sum = &mut sums[attribute.codes.get(row) as usize];
                sum.0 += 1;
                sum.1 += if self.stage.amounts[row].is_nan() {
                    0.0
                } else {
                    self.stage.amounts[row]
                };
            }
            let texts = attribute.values.texts();
            let mut known: Vec<(u64, f64, String)> = sums
                .iter()
                .enumerate()
                .map(|(code, sum)| (sum.0, sum.1, texts.get(code).to_owned()))
                .filter(|(rows, _, word)| *rows > 0 && !missing::is_missing(word))
                .collect();
            known.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(&b.2)));
            if known.len() < 2 {
                continue;
            }
            self.several_currencies(&name, &known);
            if name == CURRENCIES {
                return;
            }
            break;
        }
        // One sign beside all amounts tells nothing of the rows.
        let attributes = &mut self.stage.attributes;
        attributes.retain(|known| known.name != CURRENCIES);
    }

    fn several_currencies(&mut self, column: &str, known: &[(u64, f64, String)]) {
        let listed: Vec<String> = known
            .iter()
            .take(6)
            .map(|(_, sum, word)| format!("{} {word}", figures::fixed(*sum, 2)))
            .collect();
        let mut choices: Vec<Choice> = known
            .iter()
            .take(4)
            .map(|(_, _, word)| {
                Choice::new(
                    &format!("money_{word}"),
                    &format!("all orders count; only money in {word} is added up"),
                )
            })
            .collect();
        choices.extend(known.iter().take(4).map(|(_, _, word)| {
            Choice::new(&format!("only_{word}"), &format!("only orders in {word}"))
        }));
        choices.push(Choice::new(
            "same",
            "all amounts are in one currency already: add them up",
        ));
        let text = format!(
            "Amounts are in several currencies ({}). They cannot be added up.",
            listed.join(", ")
        );
        self.warn(
            WarningCode::MixedCurrencies,
            0,
            format!("Mixed currencies in {column}: {}", listed.join(", ")),
        );
        let chosen = self.ask(options::CURRENCY, column.to_owned(), text, choices);
        let (only, word) = match (chosen.strip_prefix("money_"), chosen.strip_prefix("only_")) {
            (Some(word), _) => (false, word.to_owned()),
            (_, Some(word)) => (true, word.to_owned()),
            _ => return,
        };
        let Some(at) = self
            .stage
            .attributes
            .iter()
            .position(|known| known.name == column)
        else {
            return;
        };
        let wanted = self.stage.attributes[at].values.find(&word);
        for row in 0..self.stage.rows() {
            if Some(self.stage.attributes[at].codes.get(row)) == wanted {
                continue;
            }
            if only {
                self.stage.customers[row] = NO_CUSTOMER;
            } else if !self.stage.amounts[row].is_nan() {
                self.stage.amounts[row] = 0.0;
                self.stage.marks[row] |= mark::OTHER_CURRENCY;
            }
        }
    }
}

/// Whether goods were neither sent nor kept back for another reason.
fn is_unfulfilled(marks: u16) -> bool {
    marks & (mark::FULFILLED | mark::NOT_KEPT) == 0
}

/// Days further from the others than this stand alone: five years.
const FAR_DAYS: Day = 5 * 365;

/// More rows than this share without an amount are no slips.
const MANY_EMPTY: f64 = 0.05;

/// More unpaid rows than this share are a step on the way of orders, not failures.
const MANY_UNPAID: f64 = 1.0 / 3.0;
/// Fewer are what every shop has: orders that failed or that nobody has paid yet.
const SOME_UNPAID: f64 = 0.1;
/// Fewer still move no number, while leaving them out would lose customers whose payment is under way.
const FEW_UNPAID: f64 = 0.001;

/// Whether another spelling of an id may stand for the same person.
fn can_fold(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() > 1 && bytes[0] == b'0'
        || bytes
            .iter()
            .any(|byte| byte.is_ascii_alphabetic() || *byte == b' ' || *byte >= 0x80)
}

/// Words that label a row of sums, in many languages.
fn is_total_word(text: &str) -> bool {
    const WORDS: [&str; 30] = [
        "total",
        "totals",
        "grandtotal",
        "subtotal",
        "sum",
        "sumtotal",
        "overall",
        "all",
        "gesamt",
        "gesamtsumme",
        "summe",
        "zwischensumme",
        "insgesamt",
        "somme",
        "totalgeneral",
        "soustotal",
        "suma",
        "razem",
        "totaal",
        "totale",
        "totalt",
        "summa",
        "yhteensa",
        "toplam",
        "итого",
        "всего",
        "celkem",
        "osszesen",
        "合計",
        "总计",
    ];
    let is_word = |text: &str| WORDS.contains(&text::fold(text).as_str());
    // Also of a part: "January total", "Total Anna".
    let mut words = text.split_whitespace();
    let ends = (words.next(), words.next_back());
    is_word(text)
        || ends.1.is_some() && (ends.0.is_some_and(is_word) || ends.1.is_some_and(is_word))
}
