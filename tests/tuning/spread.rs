//! Distributions of random shops hold everybody, each in the bar that says so.

use keepers::analysis::{
    customers::customers_as_of,
    distribution::{Quantity, distribution},
};
use proptest::prelude::*;

use crate::random_shop::{as_of, shop, shop_lines};

proptest! {
    #[test]
    fn every_customer_stands_in_the_bar_of_its_value(lines in shop_lines(), as_of in as_of()) {
        let customers = customers_as_of(&shop(&lines), as_of);
        let rows: Vec<usize> = (0..customers.len()).filter(|&row| customers.exists(row)).collect();
        for quantity in Quantity::ALL {
            let spread = distribution(&customers, quantity);
            prop_assert_eq!(spread.customers(), rows.len() as u64);
            let value = |row: usize| match quantity {
                Quantity::RecencyDays => f64::from(customers.recency_days(row)),
                Quantity::Frequency => f64::from(customers.frequency[row]),
                Quantity::Monetary => customers.monetary[row],
                Quantity::Aov => customers.aov(row),
                Quantity::TenureDays => f64::from(customers.tenure_days(row)),
            };
            for (bar, &count) in spread.counts.iter().enumerate() {
                let range = spread.edges[bar]..spread.edges[bar + 1];
                let inside = rows.iter().filter(|&&row| range.contains(&value(row))).count();
                prop_assert_eq!(count, inside as u64, "{:?} {:?}", quantity, range);
            }
        }
    }
}
