//! How a shop's customers can be reached: where their e-mail addresses, telephone numbers, names and
//! consent stand, going by the headers of its files, and which of those texts can be used.

use super::csv::is_phone;
use analysis::customers::Customers;
use data::{
    orders::{Attribute, Label, MAIL_NAMES, Orders, flag},
    roles::{
        full_name::{is_family_name, is_given_name},
        vocabulary::{self, Spoken, concept::Concept},
    },
    values::{status::yes_or_no, text::fold},
};
use pipeline::snapshot::Shop;

/// Ids looked at to tell whether they are e-mail addresses.
const LOOKED_AT: usize = 1_000;

/// Parts of folded headers that speak of consent to be written to.
const CONSENT: [&str; 14] = [
    "consent",
    "optin",
    "newsletter",
    "acceptsmarketing",
    "acceptsemail",
    "acceptssms",
    "emailmarketing",
    "smsmarketing",
    "marketingpermission",
    "subscribed",
    "einwilligung",
    "consentement",
    "consentimiento",
    "consenso",
];

/// Parts of folded headers in which "yes" means "do not write to me".
const REFUSAL: [&str; 5] = [
    "unsubscribed",
    "optout",
    "donot",
    "suppressed",
    "abgemeldet",
];

/// Folded cells that mean yes where the question is consent, beside those that mean it anywhere.
const AGREED: [&str; 8] = [
    "subscribe",
    "subscribed",
    "optin",
    "optedin",
    "accepted",
    "granted",
    "confirmed",
    "agreed",
];

/// Folded headers of postal codes and countries, without a word that says whose address it is.
const ZIP: [&str; 8] = [
    "zip",
    "zipcode",
    "postcode",
    "postalcode",
    "plz",
    "postleitzahl",
    "codepostal",
    "cap",
];
const COUNTRY: [&str; 7] = [
    "country",
    "countrycode",
    "land",
    "pays",
    "pais",
    "paese",
    "laenderkuerzel",
];
const WHOSE: [&str; 7] = [
    "billing",
    "shipping",
    "customer",
    "user",
    "default",
    "address",
    "defaultaddress",
];

/// Where a text of the customers stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// A text of each customer.
    Label(&'a Label),
    /// A column of the customers.
    OfCustomers(&'a Attribute),
    /// A column of the orders: the newest order that says something counts.
    OfOrders(&'a Attribute),
    /// The customer id itself.
    Id,
}

/// A column of a shop.
struct Column<'a> {
    name: &'a str,
    header: Header,
    place: Place<'a>,
}

impl<'a> Column<'a> {
    fn new(name: &'a str, place: Place<'a>) -> Self {
        let header = Header::of(name);
        Self {
            name,
            header,
            place,
        }
    }

    /// All columns: texts of the customers before columns of the customers before columns of the orders.
    fn all(orders: &'a Orders) -> Vec<Self> {
        let labels = orders.labels.iter();
        let labels = labels.map(|label| Self::new(&label.name, Place::Label(label)));
        let traits = orders.traits.iter();
        let traits = traits.map(|column| Self::new(&column.name, Place::OfCustomers(column)));
        let lines = orders.attributes.iter();
        let lines = lines.map(|column| Self::new(&column.name, Place::OfOrders(column)));
        labels.chain(traits).chain(lines).collect()
    }
}

/// A column that says who agreed to be written to.
#[derive(Clone, Copy)]
struct Consent<'a> {
    place: Place<'a>,
    /// Whether "yes" means "do not write to me".
    refuses: bool,
}

impl<'a> Consent<'a> {
    fn agrees(place: Place<'a>) -> Self {
        let refuses = false;
        Self { place, refuses }
    }

    fn refuses(place: Place<'a>) -> Self {
        let refuses = true;
        Self { place, refuses }
    }
}

/// Where everything that is needed to reach customers stands.
pub struct Contacts<'a> {
    orders: &'a Orders,
    email: Option<Place<'a>>,
    /// Of the column that holds the addresses; `None` where ids are addresses.
    email_header: Option<&'a str>,
    phone: Option<Place<'a>>,
    given_name: Option<Place<'a>>,
    family_name: Option<Place<'a>>,
    name: Option<Place<'a>>,
    country: Option<Place<'a>>,
    zip: Option<Place<'a>>,
    consent: Option<Consent<'a>>,
}

impl<'a> Contacts<'a> {
    /// Looks at the headers of a shop.
    #[must_use]
    pub fn of(shop: &'a Shop) -> Self {
        let orders = &*shop.dataset.orders;
        let columns = Column::all(orders);
        let first = |fits: &dyn Fn(&Header) -> bool| {
            let mut columns = columns.iter();
            columns.find(|column| fits(&column.header))
        };
        let place = |fits: &dyn Fn(&Header) -> bool| first(fits).map(|column| column.place);
        let named = |fits: fn(&str) -> bool| {
            let column = columns.iter().find(|column| fits(column.name));
            column.map(|column| column.place)
        };
        let agrees = place(&Header::is_consent).map(Consent::agrees);
        let refuses = place(&Header::is_refusal).map(Consent::refuses);
        let email = first(&Header::is_email);
        let ids = || ids_are_addresses(orders).then_some(Place::Id);
        Self {
            orders,
            email: email.map(|column| column.place).or_else(ids),
            email_header: email.map(|column| column.name),
            phone: place(&Header::is_phone),
            given_name: named(is_given_name),
            family_name: named(is_family_name),
            name: place(&Header::is_name),
            country: place(&|header| header.is_of(&COUNTRY)),
            zip: place(&|header| header.is_of(&ZIP)),
            consent: agrees.or(refuses),
        }
    }

    #[must_use]
    pub fn has_emails(&self) -> bool {
        self.email.is_some()
    }

    #[must_use]
    pub fn has_phones(&self) -> bool {
        self.phone.is_some()
    }

    #[must_use]
    pub fn has_names(&self) -> bool {
        self.name.is_some() || (self.given_name.is_some() && self.family_name.is_some())
    }

    #[must_use]
    pub fn has_postal_codes(&self) -> bool {
        self.country.is_some() && self.zip.is_some()
    }

    /// Whether the files say who agreed to be written to.
    #[must_use]
    pub fn has_consent(&self) -> bool {
        self.consent.is_some()
    }

    /// The header under which e-mail addresses stand; ids that are addresses stand under none.
    #[must_use]
    pub fn email_header(&self) -> Option<&'a str> {
        self.email_header
    }

    /// The e-mail address as the files spell it, without outer blanks; empty where none is known.
    #[must_use]
    pub fn email(&self, row: usize) -> &'a str {
        self.text(self.email, row)
    }

    /// The telephone number as +, country code and number (E.164); `None` where the files do not give
    /// the country code, which is not guessed.
    #[must_use]
    pub fn phone(&self, row: usize) -> Option<String> {
        international(self.text(self.phone, row))
    }

    /// Whether there is a telephone number that cannot be used.
    #[must_use]
    pub fn phone_is_lost(&self, row: usize) -> bool {
        let text = self.text(self.phone, row);
        !text.is_empty() && international(text).is_none()
    }

    /// First and last name. A name in one column is divided where it is two words; longer ones can be
    /// divided in more than one way, and are left out.
    #[must_use]
    pub fn name(&self, row: usize) -> PersonName<'a> {
        let given = self.text(self.given_name, row);
        let family = self.text(self.family_name, row);
        if !given.is_empty() || !family.is_empty() {
            return PersonName { given, family };
        }
        divided(self.text(self.name, row))
    }

    /// The country as two letters in capitals, where the files say it so; else empty.
    #[must_use]
    pub fn country(&self, row: usize) -> String {
        let text = self.text(self.country, row);
        let code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if code {
            text.to_ascii_uppercase()
        } else {
            String::new()
        }
    }

    #[must_use]
    pub fn zip(&self, row: usize) -> &'a str {
        self.text(self.zip, row)
    }

    /// Whether the customer agreed to be written to; everybody where the files say nothing of it. Only
    /// a plain yes counts, and of a column that says who does not want it, a plain no or nothing. The
    /// newest order of all says it, also behind the as-of date: who has withdrawn their consent since
    /// must not be written to.
    #[must_use]
    pub fn agreed(&self, row: usize) -> bool {
        self.consent.is_none_or(|consent| {
            let said = self.said_last(consent.place, row);
            if consent.refuses {
                said.is_empty() || yes_or_no(said) == Some(false)
            } else {
                yes_or_no(said) == Some(true) || AGREED.contains(&&*fold(said))
            }
        })
    }

    /// What the newest order says, on whichever of its lines; nothing where it says nothing, whatever
    /// earlier ones said. Rows of money given back are no orders.
    fn said_last(&self, place: Place<'a>, row: usize) -> &'a str {
        let Place::OfOrders(column) = place else {
            return self.text(Some(place), row);
        };
        let orders = self.orders;
        let lines = orders.lines_of(row).rev();
        let mut sold = lines
            .filter(|&line| orders.flags[line] & flag::CREDIT == 0)
            .peekable();
        let Some(newest) = sold.peek().map(|&line| orders.orders[line]) else {
            return "";
        };
        let of_newest = sold.take_while(|&line| orders.orders[line] == newest);
        let mut texts = of_newest.map(|line| column.value(line).trim());
        texts.find(|text| !text.is_empty()).unwrap_or("")
    }

    fn text(&self, place: Option<Place<'a>>, row: usize) -> &'a str {
        match place {
            None => "",
            Some(Place::Label(label)) => label.texts.get(row).trim(),
            Some(Place::OfCustomers(column)) => column.value(row).trim(),
            Some(Place::Id) => self.orders.customer_ids.get(row).trim(),
            Some(Place::OfOrders(column)) => {
                let lines = self.orders.lines_of(row).rev();
                let mut texts = lines.map(|line| column.value(line).trim());
                texts.find(|text| !text.is_empty()).unwrap_or("")
            }
        }
    }
}

/// First and last name; empty where unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonName<'a> {
    pub given: &'a str,
    pub family: &'a str,
}

/// `Anna Berg`, and `Berg, Anna`.
fn divided(name: &str) -> PersonName<'_> {
    let two = |first: &str, last: &str| {
        let plain = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
        plain(first) && plain(last)
    };
    if let Some((family, given)) = name.split_once(',') {
        let (family, given) = (family.trim(), given.trim());
        if two(given, family) {
            return PersonName { given, family };
        }
    } else if let Some((given, family)) = name.split_once(' ') {
        let family = family.trim();
        if two(given, family) {
            return PersonName { given, family };
        }
    }
    PersonName::default()
}

/// Whether at least half of the first ids are addresses; the others may be telephone numbers.
fn ids_are_addresses(orders: &Orders) -> bool {
    let ids = orders.customer_ids.iter().take(LOOKED_AT);
    let (addresses, all) = ids.fold((0, 0), |(addresses, all), id| {
        (addresses + usize::from(is_address(id)), all + 1)
    });
    all > 0 && addresses * 2 >= all
}

/// A header and what it speaks of.
struct Header {
    folded: String,
    spoken: Spoken,
}

impl Header {
    fn of(name: &str) -> Self {
        Self {
            folded: fold(name),
            spoken: vocabulary::spoken(name),
        }
    }

    fn is_email(&self) -> bool {
        let known = MAIL_NAMES.contains(&&*self.folded);
        known || self.spoken.is(Concept::Email) && self.is_of_customers()
    }

    fn is_phone(&self) -> bool {
        self.spoken.is(Concept::Phone) && self.is_of_customers()
    }

    fn is_of_customers(&self) -> bool {
        !self.spoken.any(&[Concept::Seller, Concept::Staff])
    }

    /// A name alone may be that of a product: the header says whose it is.
    fn is_name(&self) -> bool {
        const OF_CUSTOMERS: [&str; 8] = [
            "billingname",
            "customername",
            "clientname",
            "buyername",
            "fullname",
            "kundenname",
            "nomduclient",
            "nombredelcliente",
        ];
        OF_CUSTOMERS.contains(&&*self.folded)
    }

    fn is_consent(&self) -> bool {
        self.says(&CONSENT) && !self.says(&REFUSAL) && self.is_of_mail()
    }

    fn is_refusal(&self) -> bool {
        self.says(&REFUSAL) && self.is_of_mail()
    }

    /// Agreeing to text messages is not agreeing to letters.
    fn is_of_mail(&self) -> bool {
        !self.says(&["sms", "phone", "date", "source", "time"])
    }

    fn says(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.folded.contains(part))
    }

    /// Whether it is one of these, or one of these behind a word that says whose it is.
    fn is_of(&self, names: &[&str]) -> bool {
        let mut whose = WHOSE.iter();
        let bare = whose.find_map(|whose| self.folded.strip_prefix(whose));
        names.contains(&&*self.folded) || bare.is_some_and(|bare| names.contains(&bare))
    }
}

/// Whether a text can be an e-mail address: one @, a local part without blanks and with at most 64
/// bytes, a host of at least two labels of letters, digits and hyphens (RFC 5321, without quoting).
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let odd = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "@,;:<>()[]\\\"".contains(letter)
    };
    let local_fits = (1..=64).contains(&local.len())
        && !local.contains(odd)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let last = host.rsplit('.').next().unwrap_or("");
    local_fits
        && host.contains('.')
        && text.len() <= 254
        && host.split('.').all(label)
        && last.chars().count() >= 2
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// `+49 (0)170 123` → `+49170123`; `None` without a country code, or with more or fewer digits than
/// E.164 allows.
fn international(text: &str) -> Option<String> {
    // A file that was once defused keeps its apostrophe.
    let text = text.trim().trim_start_matches('\'');
    let number = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    let number = number.replace("(0)", "");
    let known = |letter: char| letter.is_ascii_digit() || " -./()\u{a0}".contains(letter);
    if !number.chars().all(known) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let number = format!("+{digits}");
    (is_phone(&number) && !digits.starts_with('0')).then_some(number)
}

/// Customers among these who had an order before S.
pub(super) fn existing(customers: &Customers, rows: &[u32]) -> Vec<u32> {
    let exists = |row: &u32| (*row as usize) < customers.len() && customers.exists(*row as usize);
    rows.iter().copied().filter(exists).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "a@b.de",
            "first.last+x@mail.example.org",
            "jörg@müller.example",
            "o'x@b-c.io",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "00017",
            "@b.de",
            "a@b",
            "a@.de",
            "a b@c.de",
            "",
            "a@b.de, c@d.de",
            "a@@b.de",
            "a@b..de",
            ".a@b.de",
            "a@-b.de",
            "a@b.d",
            "a@1.2.3.4",
            "<a@b.de>",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn numbers_are_international_or_none() {
        for (text, expected) in [
            ("+1 671-555-0110", Some("+16715550110")),
            ("+49 (0)170 1234567", Some("+491701234567")),
            ("0044 20 7946 0958", Some("+442079460958")),
            ("'+16715550110", Some("+16715550110")),
            ("0170 1234567", None),
            ("6715550110", None),
            ("+1 671 CALL-ME", None),
            ("+12345", None),
            ("+1234567890123456", None),
            ("+0123456789", None),
            ("", None),
        ] {
            assert_eq!(international(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn names_are_divided_where_there_is_one_way() {
        let of = |given, family| PersonName { given, family };
        assert_eq!(divided("Anna Berg"), of("Anna", "Berg"));
        assert_eq!(divided("Berg, Anna"), of("Anna", "Berg"));
        for name in [
            "Anna",
            "Juan Carlos García López",
            "Berg GmbH & Co",
            "",
            "Berg,",
        ] {
            assert_eq!(divided(name), PersonName::default(), "{name}");
        }
    }

    #[test]
    fn headers_say_what_they_hold() {
        for header in [
            "Email",
            "E-Mail",
            "customer_email",
            "Billing Email",
            "Email Address",
        ] {
            assert!(Header::of(header).is_email(), "{header}");
        }
        for header in ["Accepts Email Marketing", "Seller Email", "Name"] {
            assert!(!Header::of(header).is_email(), "{header}");
        }
        for header in ["Phone", "Billing Phone", "Telefon", "phone_number"] {
            assert!(Header::of(header).is_phone(), "{header}");
        }
        for header in ["Billing Name", "customer_name", "Full name"] {
            assert!(Header::of(header).is_name(), "{header}");
        }
        for header in [
            "Lineitem name",
            "product_name",
            "Shipping Name",
            "name",
            "First Name",
            "Company",
        ] {
            assert!(!Header::of(header).is_name(), "{header}");
        }
        assert!(Header::of("Shipping Country").is_of(&COUNTRY) && Header::of("zip").is_of(&ZIP));
        assert!(!Header::of("Country of origin").is_of(&COUNTRY));
    }
}
