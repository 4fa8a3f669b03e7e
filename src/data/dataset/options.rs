//! The user's say in how files are read; part of the project file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{dataset::Role, layouts::Layout};

/// Reading order of a numeric date such as 03/04/2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    DayMonth,
    MonthDay,
}

/// Overrides for reading; the default lets Keepers decide everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Column name → role, per file name: without its folder, unless files of the same name have to be
    /// told apart.
    pub roles: BTreeMap<String, BTreeMap<String, Role>>,
    /// How to read dates that fit both orders; `None` lets the column decide.
    pub date_order: Option<DateOrder>,
    /// IANA name of the shop's time zone; times in UTC fall on its days (those of UTC when absent).
    pub time_zone: Option<String>,
    /// Names of cleaning rules that are switched off.
    pub rules_off: Vec<String>,
    /// Names of optional cleaning rules that are switched on (`drop_duplicates`).
    pub rules_on: Vec<String>,
    /// Name of a workbook, as in `roles` → sheet to read; without one, the first that holds a
    /// table.
    pub sheets: BTreeMap<String, String>,
    /// Answers to the questions of [`super::understanding::Question`]: question → choice.
    pub answers: BTreeMap<String, String>,
    /// Exports the user has taught Keepers, as they were when the files were opened: part of the project, so
    /// that it is read the same on another computer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taught: Vec<Layout>,
}

/// One change of a [`ReadOptions`] by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingEdit {
    /// What a column of a file means; `None` goes back to the guess.
    Role {
        file: String,
        column: String,
        role: Option<Role>,
    },
    /// All columns of a file go back to their guesses.
    ResetFile(String),
    /// Which sheet of a workbook is read. What its columns mean is forgotten: another sheet has others.
    Sheet {
        file: String,
        sheet: String,
    },
    DateOrder(Option<DateOrder>),
    /// Answers a question; `None` goes back to the likeliest reading.
    Answer {
        question: String,
        choice: Option<String>,
    },
    TimeZone(Option<String>),
    /// Switches a cleaning rule.
    Rule {
        rule: String,
        on: bool,
    },
}

/// Questions that decide how values are read, and their choices.
pub const DAY_MONTH_ORDER: &str = "day_month_order";
pub const DAY_MONTH: &str = "day_month";
pub const MONTH_DAY: &str = "month_day";
pub const DECIMAL_SIGN: &str = "decimal_sign";
pub const CURRENCY: &str = "currency";
pub const POINT: &str = "point";
pub const COMMA: &str = "comma";
/// Which column, or which product of columns, holds the money.
pub const AMOUNT: &str = "amount";
/// Which column holds the day of the order.
pub const DATE: &str = "date";
/// On whose clock days begin.
pub const TIME_ZONE: &str = "time_zone";
/// Questions whose answers decide how cells are read; all others decide how rows are judged.
pub const OF_READING: [&str; 5] = [DAY_MONTH_ORDER, DECIMAL_SIGN, AMOUNT, DATE, TIME_ZONE];

impl ReadOptions {
    /// The order of day and month that was set or answered.
    #[must_use]
    pub fn order_of_dates(&self) -> Option<DateOrder> {
        let answered = match self.answers.get(DAY_MONTH_ORDER).map(String::as_str) {
            Some(DAY_MONTH) => Some(DateOrder::DayMonth),
            Some(MONTH_DAY) => Some(DateOrder::MonthDay),
            _ => None,
        };
        self.date_order.or(answered)
    }

    /// The time zone that was set or answered.
    #[must_use]
    pub fn zone_name(&self) -> Option<&str> {
        let answered = self.answers.get(TIME_ZONE);
        self.time_zone.as_deref().or(answered.map(String::as_str))
    }

    /// Carries out one change.
    pub fn edit(&mut self, edit: ReadingEdit) {
        match edit {
            ReadingEdit::Role { file, column, role } => self.set_role(&file, column, role),
            ReadingEdit::ResetFile(file) => drop(self.roles.remove(&file)),
            ReadingEdit::Sheet { file, sheet } => {
                self.roles.remove(&file);
                self.sheets.insert(file, sheet);
            }
            ReadingEdit::DateOrder(order) => self.date_order = order,
            ReadingEdit::TimeZone(zone) => self.time_zone = zone,
            ReadingEdit::Answer { question, choice } => match choice {
                Some(choice) => drop(self.answers.insert(question, choice)),
                None => drop(self.answers.remove(&question)),
            },
            ReadingEdit::Rule { rule, on } => self.set_rule(rule, on),
        }
    }

    /// A role of which a file has one only leaves the column it was given to before.
    fn set_role(&mut self, file: &str, column: String, role: Option<Role>) {
        let roles = self.roles.entry(file.to_owned()).or_default();
        match role {
            Some(role) => {
                if role.is_single() {
                    roles.retain(|_, known| *known != role);
                }
                roles.insert(column, role);
            }
            None => drop(roles.remove(&column)),
        }
        if roles.is_empty() {
            self.roles.remove(file);
        }
    }

    fn set_rule(&mut self, rule: String, on: bool) {
        let optional = rule == crate::judge::rules::DROP_DUPLICATES;
        let (add, names) = if optional {
            (on, &mut self.rules_on)
        } else {
            (!on, &mut self.rules_off)
        };
        names.retain(|known| *known != rule);
        if add {
            names.push(rule);
            names.sort();
        }
    }

    /// Whether the user has said what this column means.
    #[must_use]
    pub fn says(&self, file: &str, column: &str) -> bool {
        self.roles
            .get(file)
            .is_some_and(|roles| roles.contains_key(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(column: &str, role: Option<Role>) -> ReadingEdit {
        ReadingEdit::Role {
            file: "a.csv".to_owned(),
            column: column.to_owned(),
            role,
        }
    }

    #[test]
    fn a_single_role_moves_and_goes_back() {
        let mut options = ReadOptions::default();
        options.edit(role("k", Some(Role::Customer)));
        options.edit(role("x", Some(Role::Attribute)));
        options.edit(role("y", Some(Role::Attribute)));
        options.edit(role("d", Some(Role::Customer)));
        let names: Vec<_> = options.roles["a.csv"].keys().cloned().collect();
        assert_eq!(names, ["d", "x", "y"]);
        assert!(options.says("a.csv", "d") && !options.says("a.csv", "k"));
        options.edit(role("x", None));
        options.edit(role("y", None));
        options.edit(role("d", None));
        assert_eq!(options, ReadOptions::default());
    }

    #[test]
    fn another_sheet_has_other_columns() {
        let mut options = ReadOptions::default();
        options.edit(role("k", Some(Role::Customer)));
        options.edit(ReadingEdit::Sheet {
            file: "a.csv".to_owned(),
            sheet: "2024".to_owned(),
        });
        assert_eq!(options.sheets["a.csv"], "2024");
        assert!(options.roles.is_empty());
    }

    #[test]
    fn rules_switch_off_and_on_again() {
        let switch = |rule: &str, on| ReadingEdit::Rule {
            rule: rule.to_owned(),
            on,
        };
        let mut options = ReadOptions::default();
        options.edit(switch("not_kept", false));
        options.edit(switch("credit_line", false));
        options.edit(switch("drop_duplicates", true));
        assert_eq!(options.rules_off, ["credit_line", "not_kept"]);
        assert_eq!(options.rules_on, ["drop_duplicates"]);
        options.edit(switch("not_kept", true));
        options.edit(switch("credit_line", true));
        options.edit(switch("drop_duplicates", false));
        assert_eq!(options, ReadOptions::default());
    }
}
