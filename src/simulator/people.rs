//! Who the customers are and when they buy.

use rayon::prelude::*;

use super::{
    calendar::{Calendar, cohort_loyalty},
    params::{Parameters, Spec},
    random::{Purpose, Rng},
};

/// Customers simulated as one piece of parallel work.
const BLOCK: usize = 4096;
/// Most orders one customer can make, so that an order's number fits 16 bits.
const MAX_ORDERS: usize = 30_000;

/// What stays the same for one customer.
#[derive(Clone, Copy)]
pub(super) struct Person {
    /// Gamma-Gamma ν: order values are Gamma(p) ÷ ν.
    pub spend_rate: f64,
    pub country: u8,
    pub channel: u8,
    /// Category most of the lines come from.
    pub favourite: u8,
}

/// One order: who, when, and the how-manieth of the customer (0 = first).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event {
    /// Days from the first day of history.
    pub day: u16,
    /// Minute of the day.
    pub minute: u16,
    pub customer: u32,
    pub number: u16,
}

/// The traits behind one customer's buying; they are not written out.
pub(super) struct Habit {
    pub rate_per_day: f64,
    pub dropout: f64,
    pub returns: bool,
}

pub(super) struct Shop<'a> {
    pub spec: &'a Spec,
    pub parameters: &'a Parameters,
    pub calendar: &'a Calendar,
}

impl Shop<'_> {
    /// All customers and all their orders, customer by customer.
    pub(super) fn people(&self) -> (Vec<Person>, Vec<Event>) {
        let count = self.spec.customers as usize;
        let blocks: Vec<(Vec<Person>, Vec<Event>)> = (0..count.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| self.block(block * BLOCK..((block + 1) * BLOCK).min(count)))
            .collect();
        let mut people = Vec::with_capacity(count);
        let mut events = Vec::with_capacity(blocks.iter().map(|(_, events)| events.len()).sum());
        for (block_people, block_events) in blocks {
            people.extend(block_people);
            events.extend(block_events);
        }
        (people, events)
    }

    fn block(&self, customers: std::ops::Range<usize>) -> (Vec<Person>, Vec<Event>) {
        let mut people = Vec::with_capacity(customers.len());
        let mut events = Vec::new();
        for customer in customers {
            let mut rng = Rng::new(self.spec.seed, Purpose::Person, customer as u64);
            // Stratified over the customers: ids ascend with the day of acquisition.
            let share = (customer as f64 + rng.uniform()) / f64::from(self.spec.customers);
            let day = self.calendar.acquisition_day(share);
            let person = self.person(&mut rng);
            let habit = self.habit(&mut rng, person.channel, day);
            self.days_bought(&mut rng, &habit, day, |number, day, minute| {
                events.push(Event {
                    day: day as u16,
                    minute,
                    customer: customer as u32,
                    number,
                });
            });
            people.push(person);
        }
        (people, events)
    }

    fn person(&self, rng: &mut Rng) -> Person {
        let parameters = self.parameters;
        let channel = rng.pick(parameters.channels.iter().map(|channel| channel.share));
        let country = rng.pick(parameters.countries.iter().map(|country| country.share));
        let favourite = rng.pick(parameters.categories.iter().map(|category| category.share));
        Person {
            spend_rate: rng.gamma(parameters.q) / parameters.v,
            country: country as u8,
            channel: channel as u8,
            favourite: favourite as u8,
        }
    }

    pub(super) fn habit(&self, rng: &mut Rng, channel: u8, day: usize) -> Habit {
        let parameters = self.parameters;
        let channel = &parameters.channels[usize::from(channel)];
        let cohort = if self.spec.plain {
            1.0
        } else {
            cohort_loyalty(day)
        };
        Habit {
            rate_per_day: rng.gamma(parameters.r) / parameters.alpha_days * channel.tempo,
            dropout: rng.beta(parameters.a, parameters.b * channel.loyalty * cohort),
            returns: !rng.chance(channel.one_time),
        }
    }

    /// Walks one customer's purchases: the first on `day`, then a Poisson process in operational
    /// time that ends with the customer or with the history. Calls `buy(number, day, minute)`.
    fn days_bought(
        &self,
        rng: &mut Rng,
        habit: &Habit,
        day: usize,
        mut buy: impl FnMut(u16, usize, u16),
    ) {
        let minute = |rng: &mut Rng| {
            // Mostly daytime: the mean of two draws between 7:00 and 23:00.
            (420.0 + 480.0 * (rng.uniform() + rng.uniform())) as u16
        };
        buy(0, day, minute(rng));
        if !habit.returns {
            return;
        }
        let mut time = self.calendar.time_at(day + 1);
        for number in 1..MAX_ORDERS {
            time += rng.exponential() / habit.rate_per_day;
            let Some(day) = self.calendar.day_of(time) else {
                return;
            };
            buy(number as u16, day, minute(rng));
            if rng.chance(habit.dropout) {
                return;
            }
        }
    }
}

/// Mean orders per customer of a pilot population under these parameters.
fn pilot_mean(shop: &Shop<'_>) -> f64 {
    const PILOT: u32 = 8192;
    let orders: u64 = (0..PILOT)
        .into_par_iter()
        .map(|customer| {
            let mut rng = Rng::new(0, Purpose::Pilot, u64::from(customer));
            let share = (f64::from(customer) + 0.5) / f64::from(PILOT);
            let day = shop.calendar.acquisition_day(share);
            let channel = rng.pick(shop.parameters.channels.iter().map(|channel| channel.share));
            let habit = shop.habit(&mut rng, channel as u8, day);
            let mut orders = 0_u64;
            shop.days_bought(&mut rng, &habit, day, |_, _, _| orders += 1);
            orders
        })
        .sum();
    orders as f64 / f64::from(PILOT)
}

/// Largest and smallest α tried, in days; a customer's mean rate is r ÷ α.
const ALPHA_DAYS: (f64, f64) = (0.1, 100_000.0);

/// Finds the α at which a pilot population makes the wanted mean number of orders; `None` when no
/// rate of buying reaches it, because customers leave first. The result depends on the spec's
/// intensity only, not on its seed.
pub(super) fn calibrate(spec: &Spec, parameters: &Parameters, calendar: &Calendar) -> Option<f64> {
    let mean = |alpha_days: f64| {
        let parameters = Parameters {
            alpha_days,
            ..parameters.clone()
        };
        pilot_mean(&Shop {
            spec,
            parameters: &parameters,
            calendar,
        })
    };
    let (mut low, mut high) = ALPHA_DAYS;
    if mean(low) < spec.orders_per_customer || mean(high) > spec.orders_per_customer {
        return None;
    }
    for _ in 0..24 {
        let middle = (low * high).sqrt();
        if mean(middle) > spec.orders_per_customer {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((low * high).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::Shape;

    #[test]
    fn habits_have_the_means_of_their_distributions() {
        let spec = Spec {
            plain: true,
            ..Spec::new(1000, 3, Shape::OrderLog)
        };
        let parameters = Parameters::of(&spec);
        let calendar = Calendar::new(&spec, &parameters);
        let shop = Shop {
            spec: &spec,
            parameters: &parameters,
            calendar: &calendar,
        };
        let draws = 100_000;
        let mut rng = Rng::new(3, Purpose::Person, 9);
        let (mut rate, mut dropout) = (0.0, 0.0);
        for _ in 0..draws {
            let habit = shop.habit(&mut rng, 0, 0);
            assert!(habit.returns);
            rate += habit.rate_per_day;
            dropout += habit.dropout;
        }
        let (r, alpha, a, b) = (
            parameters.r,
            parameters.alpha_days,
            parameters.a,
            parameters.b,
        );
        let rate_error = 5.0 * (r / (alpha * alpha) / f64::from(draws)).sqrt();
        assert!((rate / f64::from(draws) - r / alpha).abs() < rate_error);
        let variance = a * b / ((a + b) * (a + b) * (a + b + 1.0));
        let dropout_error = 5.0 * (variance / f64::from(draws)).sqrt();
        assert!((dropout / f64::from(draws) - a / (a + b)).abs() < dropout_error);
    }

    #[test]
    fn calibration_reaches_the_wanted_intensity() {
        for wanted in [1.5, 4.5, 10.0] {
            let spec = Spec {
                orders_per_customer: wanted,
                ..Spec::new(20_000, 11, Shape::OrderLog)
            };
            let mut parameters = Parameters::of(&spec);
            let calendar = Calendar::new(&spec, &parameters);
            parameters.alpha_days = calibrate(&spec, &parameters, &calendar).expect("reachable");
            let shop = Shop {
                spec: &spec,
                parameters: &parameters,
                calendar: &calendar,
            };
            let (people, events) = shop.people();
            assert_eq!(people.len(), 20_000);
            let mean = events.len() as f64 / 20_000.0;
            assert!((mean / wanted - 1.0).abs() < 0.06, "{wanted}: {mean}");
        }
    }

    #[test]
    fn impossible_intensities_are_refused() {
        let spec = Spec {
            orders_per_customer: 0.5,
            ..Spec::new(10, 1, Shape::OrderLog)
        };
        let parameters = Parameters::of(&spec);
        let calendar = Calendar::new(&spec, &parameters);
        assert_eq!(calibrate(&spec, &parameters, &calendar), None);
    }
}
