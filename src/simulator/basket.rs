//! What one order holds: lines, amounts, and whether it was kept.

use super::{
    layout::Layout,
    people::{Event, Person, Shop},
    random::{Purpose, Rng},
};

/// Most lines of one order.
const MAX_EXTRA_LINES: u32 = 11;

pub(super) struct Line {
    pub category: u8,
    pub quantity: u32,
    pub cents: u64,
    pub returned: bool,
}

pub(super) struct Basket {
    pub lines: Vec<Line>,
    pub cancelled: bool,
    pub channel: u8,
    /// Days until delivery; used by the Olist layout.
    pub delivery_days: u16,
}

impl Basket {
    pub(super) fn cents(&self) -> u64 {
        self.lines.iter().map(|line| line.cents).sum()
    }
}

impl Shop<'_> {
    /// Draws an order; depends on seed, customer and number only, so it can be drawn at any time.
    pub(super) fn basket(&self, person: Person, event: Event) -> Basket {
        let number = u64::from(event.customer) << 16 | u64::from(event.number);
        let mut rng = Rng::new(self.spec.seed, Purpose::Order, number);
        let value = rng.gamma(self.parameters.p) / person.spend_rate;
        let mut lines = self.lines(&mut rng, person);
        let cents = ((value * 100.0).round() as u64).max(lines.len() as u64);
        self.share_out(&mut rng, cents, &mut lines);
        Basket {
            lines,
            cancelled: rng.chance(self.parameters.cancelled),
            channel: self.channel(&mut rng, person, event),
            delivery_days: 2 + rng.below(9) as u16,
        }
    }

    fn lines(&self, rng: &mut Rng, person: Person) -> Vec<Line> {
        let categories = &self.parameters.categories;
        let extra = match self.spec.layout {
            Layout::Cdnow => 0,
            _ => rng.geometric(self.spec.lines_per_order - 1.0, MAX_EXTRA_LINES),
        };
        (0..=extra)
            .map(|_| {
                let category = if rng.chance(0.6) {
                    usize::from(person.favourite)
                } else {
                    rng.pick(categories.iter().map(|category| category.share))
                };
                Line {
                    category: category as u8,
                    quantity: 1 + rng.geometric(0.3, 8),
                    cents: 0,
                    returned: rng.chance(categories[category].returned),
                }
            })
            .collect()
    }

    /// Splits an order's value among its lines by price level, to the cent; every line gets one.
    fn share_out(&self, rng: &mut Rng, cents: u64, lines: &mut [Line]) {
        let weights: Vec<f64> = lines
            .iter()
            .map(|line| {
                let price = self.parameters.categories[usize::from(line.category)].price;
                price * (0.5 + rng.uniform()) * f64::from(line.quantity)
            })
            .collect();
        let spare = cents - lines.len() as u64;
        let mut weight_left: f64 = weights.iter().sum();
        let mut left = spare;
        let last = lines.len() - 1;
        for (index, (line, weight)) in lines.iter_mut().zip(weights).enumerate() {
            let part = if index == last {
                left
            } else {
                ((left as f64 * (weight / weight_left)) as u64).min(left)
            };
            line.cents = 1 + part;
            left -= part;
            weight_left -= weight;
        }
    }

    /// The first order comes through the channel that won the customer; later ones often directly.
    fn channel(&self, rng: &mut Rng, person: Person, event: Event) -> u8 {
        let named = |name: &str| {
            let channels = &self.parameters.channels;
            channels.iter().position(|channel| channel.name == name)
        };
        let later = match rng.uniform() {
            draw if draw < 0.25 => named("Newsletter"),
            draw if draw < 0.45 => named("Organic search"),
            _ => None,
        };
        match later {
            Some(channel) if event.number > 0 => channel as u8,
            _ => person.channel,
        }
    }
}
