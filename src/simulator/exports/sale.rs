//! One order as a shop system knows it: who bought what, what it cost, and what became of it.

use crate::{
    basket::Basket,
    people::{Event, Person, Shop},
    random::{Purpose, Rng},
};

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Paid,
    PartlyRefunded,
    Refunded,
    Cancelled,
    /// The payment did not come through.
    Failed,
    /// Not paid by the day of the export.
    Pending,
}

impl Outcome {
    pub(super) fn gives_back(self) -> bool {
        matches!(self, Self::PartlyRefunded | Self::Refunded)
    }
}

/// Where an export says that money was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refunds {
    /// By the status of the sale, which then is none, or beside it where a part goes back.
    Beside,
    /// As an amount beside the sale, which stays one though all of it goes back.
    Amount,
    /// On rows of its own, with nothing said at the sale.
    Rows,
}

/// Which money of an order an export names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// What the customer paid, with shipping and tax.
    Total,
    /// Price × quantity of the items.
    Items,
    ItemsLessDiscount,
}

/// What an export can express; anything else does not happen in its shop.
pub(super) struct Habits {
    pub outcomes: &'static [Outcome],
    pub refunds: Refunds,
    pub amount: Amount,
    /// Share of the orders that name no customer at all.
    pub nameless: f64,
}

/// What was bought of one product.
pub(super) struct Item {
    pub name: String,
    pub sku: String,
    pub category: &'static str,
    pub quantity: u32,
    pub unit_cents: u64,
    pub discount: u64,
}

impl Item {
    pub(super) fn cents(&self) -> u64 {
        self.unit_cents * u64::from(self.quantity)
    }

    pub(super) fn paid(&self) -> u64 {
        self.cents() - self.discount
    }
}

/// A customer with everything a shop system asks for.
pub(super) struct Buyer {
    /// From 1.
    pub number: u64,
    pub first_name: &'static str,
    pub last_name: String,
    pub email: String,
    pub phone: String,
    pub user_name: String,
    /// Has no account in the shop, ever.
    pub guest: bool,
    pub country: &'static str,
    pub country_code: &'static str,
    pub city: String,
    pub street: String,
    pub zip: String,
}

impl Buyer {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

pub(super) struct Sale<'a> {
    pub habits: &'a Habits,
    /// Place among all orders by date, from 0.
    pub number: u64,
    pub event: Event,
    pub buyer: Buyer,
    pub items: Vec<Item>,
    pub shipping: u64,
    pub tax: u64,
    pub coupon: bool,
    pub outcome: Outcome,
    /// Given back, of the amount the export counts.
    pub refund: u64,
    /// Days from the first day of history; not after the shop's last day.
    pub refund_day: u16,
    pub nameless: bool,
    pub channel: &'static str,
    /// For further draws of the export, such as ids.
    pub noise: u64,
}

/// Where a sale stands among all.
pub(super) struct Place<'a> {
    pub number: u64,
    pub last_day: u16,
    pub habits: &'a Habits,
}

impl<'a> Sale<'a> {
    pub(super) fn draw(shop: &Shop<'_>, person: Person, event: Event, place: &Place<'a>) -> Self {
        let mut rng = Rng::new(shop.spec.seed, Purpose::Sale, place.number);
        let basket = shop.basket(person, event);
        let coupon = rng.chance(0.15);
        let items = items(shop, &basket, coupon, &mut rng);
        let goods: u64 = items.iter().map(Item::paid).sum();
        let outcome = if shop.spec.plain {
            Outcome::Paid
        } else {
            outcome(&mut rng, place.habits)
        };
        let mut sale = Self {
            habits: place.habits,
            number: place.number,
            event,
            buyer: buyer(shop, person, event.customer),
            items,
            shipping: if goods < 6_000 { 490 } else { 0 },
            tax: goods * 7 / 100,
            coupon,
            outcome,
            refund: 0,
            refund_day: event.day,
            nameless: rng.chance(place.habits.nameless),
            channel: shop.parameters.channels[usize::from(basket.channel)].name,
            noise: rng.next_u64(),
        };
        sale.give_back(&mut rng, place.last_day);
        sale
    }

    /// Sets how much goes back, and when.
    fn give_back(&mut self, rng: &mut Rng, last_day: u16) {
        let amount = self.amount();
        self.refund = match self.outcome {
            Outcome::Refunded => amount,
            Outcome::PartlyRefunded if amount < 3 => 1,
            Outcome::PartlyRefunded => {
                ((amount as f64 * (0.15 + 0.5 * rng.uniform())) as u64).max(1)
            }
            _ => return,
        };
        let later = self.event.day + 1 + rng.below(20) as u16;
        self.refund_day = if later > last_day {
            self.event.day
        } else {
            later
        };
    }

    /// What the customer paid.
    pub(super) fn total(&self) -> u64 {
        self.goods() - self.discount() + self.shipping + self.tax
    }

    /// Price × quantity of all items.
    pub(super) fn goods(&self) -> u64 {
        self.items.iter().map(Item::cents).sum()
    }

    pub(super) fn discount(&self) -> u64 {
        self.items.iter().map(|item| item.discount).sum()
    }

    pub(super) fn quantity(&self) -> u32 {
        self.items.iter().map(|item| item.quantity).sum()
    }

    /// Code of the coupon, or nothing.
    pub(super) fn coupon_code(&self) -> &'static str {
        if self.coupon { "WELCOME10" } else { "" }
    }

    /// `2 x Alder Kitchen 7, …`: all items in one cell.
    pub(super) fn basket_text(&self, times: &str) -> String {
        let items = self.items.iter();
        let texts: Vec<String> = items
            .map(|item| format!("{}{times}{}", item.quantity, item.name))
            .collect();
        texts.join(", ")
    }

    /// A number of so many digits that looks like an id and differs from order to order.
    pub(super) fn id(&self, salt: u64, digits: u32) -> u64 {
        let room = 10_u64.pow(digits.min(18));
        let lowest = room / 10;
        // Spreads the order numbers over the room without collisions: an odd step of the whole room.
        let spread = (self.number * 9_176_521 + salt * 7_919) % (room - lowest);
        lowest + spread
    }
}

fn outcome(rng: &mut Rng, habits: &Habits) -> Outcome {
    const ALL: [(Outcome, f64); 6] = [
        (Outcome::Paid, 0.865),
        (Outcome::PartlyRefunded, 0.04),
        (Outcome::Refunded, 0.03),
        (Outcome::Cancelled, 0.025),
        (Outcome::Failed, 0.025),
        (Outcome::Pending, 0.015),
    ];
    let (outcome, _) = ALL[rng.pick(ALL.iter().map(|(_, share)| *share))];
    if habits.outcomes.contains(&outcome) {
        outcome
    } else {
        Outcome::Paid
    }
}

const BRANDS: [&str; 6] = ["Alder", "Birch", "Cedar", "Elm", "Hazel", "Rowan"];
/// Commas, quotation marks and letters beyond ASCII, as titles have them.
const KINDS: [&str; 6] = [
    "",
    " (set of 2)",
    ", large",
    " 12\" classic",
    " – édition blanche",
    " & co",
];

fn items(shop: &Shop<'_>, basket: &Basket, coupon: bool, rng: &mut Rng) -> Vec<Item> {
    let lines = basket.lines.iter();
    lines
        .map(|line| {
            let category = &shop.parameters.categories[usize::from(line.category)];
            let number = rng.below(40);
            let brand = BRANDS[number % BRANDS.len()];
            let kind = KINDS[(number / 7) % KINDS.len()];
            let unit_cents = (line.cents / u64::from(line.quantity)).max(1);
            let cents = unit_cents * u64::from(line.quantity);
            Item {
                name: format!("{brand} {} {}{kind}", category.name, number + 1),
                sku: format!("{}-{:03}", category.name[..2].to_uppercase(), number + 1),
                category: category.name,
                quantity: line.quantity,
                unit_cents,
                discount: if coupon { cents / 10 } else { 0 },
            }
        })
        .collect()
}

const FIRST_NAMES: [&str; 8] = [
    "Anna", "Ben", "Clara", "David", "Eva", "Felix", "Greta", "Hugo",
];
const SYLLABLES: [&str; 16] = [
    "bal", "cor", "dan", "fel", "gor", "hol", "jur", "kal", "lom", "mar", "nor", "pet", "rin",
    "sol", "tam", "ver",
];

/// A family name that nobody else has: some exports tell customers apart by nothing but names.
fn family_name(customer: u32) -> String {
    let mut rest = customer as usize + SYLLABLES.len();
    let mut syllables = Vec::new();
    while rest > 0 {
        syllables.push(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    syllables.reverse();
    let mut name = syllables.concat();
    name[..1].make_ascii_uppercase();
    name
}

fn country_code(country: &str) -> &'static str {
    match country {
        "Germany" => "DE",
        "France" => "FR",
        "Netherlands" => "NL",
        "Austria" => "AT",
        "Italy" => "IT",
        "Spain" => "ES",
        "Belgium" => "BE",
        _ => "PL",
    }
}

fn buyer(shop: &Shop<'_>, person: Person, customer: u32) -> Buyer {
    let mut rng = Rng::new(
        shop.spec.seed,
        Purpose::Sale,
        (1 << 62) | u64::from(customer),
    );
    let first_name = FIRST_NAMES[rng.below(FIRST_NAMES.len())];
    let last_name = family_name(customer);
    let number = u64::from(customer) + 1;
    let country = shop.parameters.countries[usize::from(person.country)].name;
    let user_name = format!("{}{}", last_name.to_ascii_lowercase(), number % 97);
    Buyer {
        number,
        first_name,
        email: format!("{first_name}.{last_name}@example.org").to_ascii_lowercase(),
        phone: format!("+49 30 {:07}", 1_000_000 + number),
        user_name,
        last_name,
        guest: rng.chance(0.06),
        country,
        country_code: country_code(country),
        city: format!("{country} City {}", 1 + rng.below(9)),
        street: format!("Rue de l'Église {}", 1 + rng.below(99)),
        zip: format!("{:05}", 1_000 + rng.below(90_000)),
    }
}
