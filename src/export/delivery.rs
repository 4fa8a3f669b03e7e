//! A list of customers for the tool that will write to them: whom it takes, its exact headers, and
//! everybody who is left out, counted.

use std::{collections::HashSet, fmt::Write as _};

use sha2::{Digest as _, Sha256};

use super::{
    audience::{Listed, groups, people_table},
    contacts::{Contacts, existing, is_address},
    table::{Column, Table, Values},
};
use audiences::AudienceSettings;
use base::figures;
use pipeline::snapshot::Shop;

/// The tool a list is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    /// No tool: everything known of the customers, and who is in the control group.
    #[default]
    Table,
    Klaviyo,
    Mailchimp,
    /// Custom audience of Meta (Facebook, Instagram).
    Meta,
    /// Customer match of Google Ads.
    Google,
    /// Tags for customers of a Shopify shop.
    Shopify,
}

impl Tool {
    pub const ALL: [Self; 6] = [
        Self::Table,
        Self::Klaviyo,
        Self::Mailchimp,
        Self::Meta,
        Self::Google,
        Self::Shopify,
    ];

    /// Everything that differs from tool to tool.
    fn spec(self) -> Spec {
        match self {
            Self::Table => Spec {
                title: "Table",
                name: "table",
                takes_hashes: false,
                columns: &[],
            },
            Self::Klaviyo => Spec {
                title: "Klaviyo",
                name: "klaviyo",
                takes_hashes: false,
                columns: &[
                    ("Email", Detail::Email),
                    ("Phone Number", Detail::Phone),
                    ("First Name", Detail::GivenName),
                    ("Last Name", Detail::FamilyName),
                ],
            },
            Self::Mailchimp => Spec {
                title: "Mailchimp",
                name: "mailchimp",
                takes_hashes: false,
                columns: &[
                    ("Email Address", Detail::Email),
                    ("First Name", Detail::GivenName),
                    ("Last Name", Detail::FamilyName),
                    ("Phone Number", Detail::Phone),
                    ("Tags", Detail::Title),
                ],
            },
            Self::Meta => Spec {
                title: "Meta custom audience",
                name: "meta",
                takes_hashes: true,
                columns: &[
                    ("email", Detail::Email),
                    ("phone", Detail::Phone),
                    ("fn", Detail::GivenName),
                    ("ln", Detail::FamilyName),
                    ("zip", Detail::Zip),
                    ("country", Detail::Country),
                ],
            },
            Self::Google => Spec {
                title: "Google customer match",
                name: "google",
                takes_hashes: true,
                columns: &[
                    ("Email", Detail::Email),
                    ("Phone", Detail::Phone),
                    ("First Name", Detail::GivenName),
                    ("Last Name", Detail::FamilyName),
                    ("Country", Detail::Country),
                    ("Zip", Detail::Zip),
                ],
            },
            Self::Shopify => Spec {
                title: "Shopify tags",
                name: "shopify",
                takes_hashes: false,
                columns: &[("Email", Detail::Email), ("Tags", Detail::Title)],
            },
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.spec().title
    }

    /// Name on the command line and of files.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Whether it takes hashes in place of what identifies people.
    #[must_use]
    pub fn takes_hashes(self) -> bool {
        self.spec().takes_hashes
    }
}

/// What a tool is called and what its file looks like.
struct Spec {
    title: &'static str,
    name: &'static str,
    takes_hashes: bool,
    /// The tool's own word for each thing, in the order of its file.
    columns: &'static [(&'static str, Detail)],
}

/// What a column of a tool's file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    Email,
    Phone,
    GivenName,
    FamilyName,
    Country,
    Zip,
    /// The name of the list.
    Title,
}

/// Whom of a list to take, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    pub tool: Tool,
    /// Only the first so many; `None` = all.
    pub at_most: Option<usize>,
    /// Only who can be written to: a usable address, and consent where the files speak of it. Always so
    /// for a tool.
    pub reachable: bool,
    /// SHA-256 in place of what identifies people, where the tool takes it.
    pub hashed: bool,
}

/// How many of a list are in a file, and why the others are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the list.
    pub listed: usize,
    /// Without any address the tool takes.
    pub without_address: usize,
    /// With an address nobody can be reached under.
    pub unusable_address: usize,
    /// Who have not agreed to be written to.
    pub not_agreed: usize,
    /// Whose address stands in the file already.
    pub repeated: usize,
    /// Behind the first so many.
    pub beyond: usize,
    /// Kept as control group; marked in a table, left out of a tool's file.
    pub control: usize,
    /// Rows of the file.
    pub written: usize,
    /// Telephone numbers without country code, whose cells are empty.
    pub phones_left_empty: usize,
    /// Whether the files say who agreed.
    pub consent_known: bool,
}

impl Tally {
    /// One sentence each: who is in the file, who is not and why, what to look at before sending.
    #[must_use]
    pub fn sentence(&self, delivery: Delivery) -> String {
        let counted = |n: usize, one: &str, many: &str| figures::count(n as u64, one, many);
        let of_tool = delivery.tool != Tool::Table;
        let (left_out_too, marked) = if of_tool {
            (self.control, 0)
        } else {
            (0, self.control)
        };
        let mut text = format!(
            "{} of {}",
            figures::integer(self.written as u64),
            counted(self.listed, "customer", "customers")
        );
        let reasons = [
            (self.without_address, "has no address", "have no address"),
            (
                self.unusable_address,
                "has an address that cannot be right",
                "have an address that cannot be right",
            ),
            (
                self.not_agreed,
                "has not agreed to be written to",
                "have not agreed to be written to",
            ),
            (
                self.repeated,
                "shares the address of somebody listed before",
                "share the address of somebody listed before",
            ),
            (
                self.beyond,
                "stands behind the number asked for",
                "stand behind the number asked for",
            ),
            (
                left_out_too,
                "is the control group",
                "are the control group",
            ),
        ];
        let left_out: Vec<String> = reasons
            .iter()
            .filter(|(n, ..)| *n > 0)
            .map(|&(n, one, many)| counted(n, one, many))
            .collect();
        if !left_out.is_empty() {
            let _ = write!(text, "; not in the file: {}", left_out.join(", "));
        }
        text.push('.');
        if marked > 0 {
            let words = counted(marked, "of them is", "of them are");
            let _ = write!(text, " {words} the control group.");
        }
        if self.phones_left_empty > 0 {
            let words = counted(
                self.phones_left_empty,
                "telephone number without country code was",
                "telephone numbers without country code were",
            );
            let _ = write!(text, " {words} left empty.");
        }
        if (of_tool || delivery.reachable) && !self.consent_known {
            text.push_str(
                " The files do not say who agreed to be written to: check it before you send.",
            );
        }
        text
    }
}

/// A list on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    pub table: Table,
    /// Who is in it, who is not and why, in full sentences; empty for what lists no people.
    pub told: String,
}

/// Takes a list along. `rows` are the customers, first to be contacted first; the control group is drawn
/// among those who are left after all other choices, so that both groups are alike. A list taken once
/// for a tool and once as a table of the reachable has the same control group.
#[must_use]
pub fn deliver(
    shop: &Shop,
    settings: &AudienceSettings,
    list: Listed<'_>,
    delivery: Delivery,
) -> Delivered {
    let contacts = Contacts::of(shop);
    let mut tally = Tally {
        consent_known: contacts.has_consent(),
        ..Tally::default()
    };
    let mut rows = existing(&shop.customers, list.rows);
    tally.listed = rows.len();
    if delivery.reachable || delivery.tool != Tool::Table {
        rows = reachable(&contacts, &rows, &mut tally);
    }
    let most = delivery.at_most.unwrap_or(usize::MAX);
    tally.beyond = rows.len().saturating_sub(most);
    rows.truncate(most);
    let groups = groups(shop, settings, &rows);
    tally.control = groups.iter().filter(|group| group.is_control()).count();
    let table = if delivery.tool == Tool::Table {
        let list = Listed {
            title: list.title,
            rows: &rows,
        };
        people_table(shop, &contacts, list, &groups)
    } else {
        let contacted = rows.iter().zip(&groups);
        let contacted = contacted.filter(|(_, group)| !group.is_control());
        let rows: Vec<u32> = contacted.map(|(&row, _)| row).collect();
        let mut columns = delivery.tool.spec().columns.iter();
        if columns.any(|(_, detail)| *detail == Detail::Phone) {
            let lost = |row: &&u32| contacts.phone_is_lost(**row as usize);
            tally.phones_left_empty = rows.iter().filter(lost).count();
        }
        tool_table(&contacts, list.title, &rows, delivery)
    };
    tally.written = table.rows();
    Delivered {
        table,
        told: tally.sentence(delivery),
    }
}

/// Those who can be written to; the others are counted, each for the first reason that holds. Whatever
/// the tool, they are the same people, so that one control group fits all files: who has a usable e-mail
/// address, or, in a shop that has no such addresses at all, a usable telephone number.
fn reachable(contacts: &Contacts<'_>, rows: &[u32], tally: &mut Tally) -> Vec<u32> {
    let mut seen = HashSet::new();
    let mut kept = Vec::with_capacity(rows.len());
    for &row in rows {
        let email = contacts.email(row as usize);
        let (address, given) = if contacts.has_emails() {
            let usable = is_address(email).then(|| email.to_lowercase());
            (usable, !email.is_empty())
        } else {
            let phone = contacts.phone(row as usize);
            (phone, contacts.phone_is_lost(row as usize))
        };
        match address {
            None if given => tally.unusable_address += 1,
            None => tally.without_address += 1,
            Some(_) if !contacts.agreed(row as usize) => tally.not_agreed += 1,
            Some(address) => {
                if seen.insert(address) {
                    kept.push(row);
                } else {
                    tally.repeated += 1;
                }
            }
        }
    }
    kept
}

/// The tool's file. A column of which the shop knows nothing is left out; Google takes names, country and
/// postal code together or not at all.
fn tool_table(contacts: &Contacts<'_>, title: &str, rows: &[u32], delivery: Delivery) -> Table {
    let postal = contacts.has_names() && contacts.has_postal_codes();
    let known = |detail: Detail| match detail {
        Detail::Email => contacts.has_emails() || !contacts.has_phones(),
        Detail::Title => true,
        Detail::Phone => contacts.has_phones(),
        Detail::GivenName | Detail::FamilyName if delivery.tool == Tool::Google => postal,
        Detail::GivenName | Detail::FamilyName => contacts.has_names(),
        Detail::Country | Detail::Zip => postal,
    };
    let columns = delivery.tool.spec().columns.iter();
    let columns = columns.filter(|(_, detail)| known(*detail));
    let cell = |detail: Detail, row: usize| {
        let plain = match detail {
            Detail::Email => Some(contacts.email(row))
                .filter(|text| is_address(text))
                .unwrap_or("")
                .to_owned(),
            Detail::Phone => contacts.phone(row).unwrap_or_default(),
            Detail::GivenName => contacts.name(row).given.to_owned(),
            Detail::FamilyName => contacts.name(row).family.to_owned(),
            Detail::Country => contacts.country(row),
            Detail::Zip => contacts.zip(row).to_owned(),
            Detail::Title => title.to_owned(),
        };
        if delivery.hashed && delivery.tool.takes_hashes() {
            hashed(delivery.tool, detail, &plain)
        } else {
            plain
        }
    };
    let columns = columns.map(|&(name, detail)| Column {
        name: name.to_owned(),
        values: Values::Text(rows.iter().map(|&row| cell(detail, row as usize)).collect()),
    });
    Table::of(title, columns.collect())
}

/// What identifies people as its SHA-256, the rest as it is. Both tools want lower case without outer
/// blanks; Meta a telephone number without +; Google's country and postal code stay readable.
fn hashed(tool: Tool, detail: Detail, text: &str) -> String {
    let plain = text.trim().to_lowercase();
    let plain = match (tool, detail) {
        (_, Detail::Title) | (Tool::Google, Detail::Country | Detail::Zip) => {
            return text.to_owned();
        }
        (Tool::Meta, Detail::Phone) => plain.trim_start_matches('+').to_owned(),
        _ => plain,
    };
    if plain.is_empty() {
        return plain;
    }
    let digest = Sha256::digest(plain.as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_plain_lower_case_text() {
        // Computed with sha256sum.
        let expected = "87924606b4131a8aceeeae8868531fbb9712aaa07a5d3a756b26ce0f5d6ca674";
        for tool in [Tool::Meta, Tool::Google] {
            assert_eq!(hashed(tool, Detail::Email, "Test@Gmail.com "), expected);
            assert_eq!(hashed(tool, Detail::Email, ""), "");
        }
        assert_eq!(hashed(Tool::Google, Detail::Zip, "94016"), "94016");
        // sha256sum of "16715550110" and of "+16715550110".
        assert_eq!(
            hashed(Tool::Meta, Detail::Phone, "+16715550110"),
            "72eecbe75dfe2638a7b56989722f613f877e77b639146256e4d4a6e87d19fa25"
        );
        assert_eq!(
            hashed(Tool::Google, Detail::Phone, "+16715550110"),
            "009b903553c12c2225e7a7e0601aa7beaf32093574348a4bfa0afa3a8b915c26"
        );
    }

    #[test]
    fn the_sentence_names_everybody_who_is_missing() {
        let tally = Tally {
            listed: 1_000,
            without_address: 100,
            unusable_address: 20,
            not_agreed: 80,
            repeated: 5,
            beyond: 295,
            control: 50,
            written: 450,
            phones_left_empty: 3,
            consent_known: true,
        };
        let delivery = Delivery {
            tool: Tool::Klaviyo,
            ..Delivery::default()
        };
        assert_eq!(
            tally.sentence(delivery),
            "450 of 1,000 customers; not in the file: 100 have no address, 20 have an address that \
             cannot be right, 80 have not agreed to be written to, 5 share the address of somebody \
             listed before, 295 stand behind the number asked for, 50 are the control group. 3 telephone \
             numbers without country code were left empty."
        );
    }
}
