//! Which table's rows become order lines, which tables are joined to them, and where the money is.

use polars::prelude::PolarsResult;

use super::{frames, links::Link, tables::Known};
use crate::{dataset::Role, layouts::Grain, roles::vocabulary::concept::Concept};

/// One table whose rows become order lines, and what is joined to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    pub table: usize,
    /// Tables that have one row for each row that asks, nearest first.
    pub sides: Vec<Side>,
    /// Tables with several rows per order: the largest row brings its columns.
    pub picks: Vec<Link>,
    /// The table whose amounts are added up by order, where the orders have none of their own.
    pub payments: Option<Link>,
    /// Tables of money given back.
    pub credits: Vec<Link>,
    /// The price of a unit, where neither the rows nor payments say what was paid.
    pub price: Option<Price>,
}

/// A price in a joined table of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Place in [`Base::sides`].
    pub side: usize,
    pub column: usize,
}

/// A joined table.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub link: Link,
    pub through: Through,
}

/// The table that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    Base,
    /// Place in [`Base::sides`].
    Side(usize),
    /// Place in [`Base::picks`].
    Pick(usize),
}

/// What becomes of the tables of a set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub bases: Vec<Base>,
    pub unused: Vec<usize>,
    /// Tables that tell of the orders of a base once more.
    pub again: Vec<Again>,
}

/// A table that is not used, because its orders are those of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    pub table: usize,
    pub of: usize,
}

/// A table of orders that another one holds the lines of shares at least this much of its order numbers.
const SAME_ORDERS: f64 = 0.5;

/// Money with fewer points than this may be something else.
const WEAK_MONEY: f64 = 2.0;

/// Chooses the tables whose rows become order lines.
///
/// # Errors
/// As polars.
pub fn choose(tables: &[Known<'_>], links: &[Link]) -> PolarsResult<Plan> {
    let chooser = Chooser { tables, links };
    let mut plan = Plan::default();
    let mut used = vec![false; tables.len()];
    for at in chooser.by_rank() {
        if used[at] {
            continue;
        }
        if let Some(base) = chooser.base(at) {
            if let Some(of) = chooser.counted(&base, &plan.bases)? {
                plan.again.push(Again {
                    table: base.table,
                    of,
                });
                continue;
            }
            for table in base.tables() {
                used[table] = true;
            }
            plan.bases.push(base);
        }
    }
    plan.unused = (0..tables.len()).filter(|&at| !used[at]).collect();
    Ok(plan)
}

impl Base {
    /// All tables that take part.
    pub fn tables(&self) -> impl Iterator<Item = usize> + '_ {
        let sides = self.sides.iter().map(|side| side.link.to);
        let others = self.picks.iter().chain(&self.payments).chain(&self.credits);
        std::iter::once(self.table)
            .chain(sides)
            .chain(others.map(|link| link.from))
    }
}

struct Chooser<'a, 'b> {
    tables: &'a [Known<'b>],
    links: &'a [Link],
}

impl Chooser<'_, '_> {
    /// Tables that can be the base: orders with the most rows first, then lines.
    fn by_rank(&self) -> Vec<usize> {
        let mut ranked: Vec<usize> = (0..self.tables.len())
            .filter(|&at| {
                matches!(
                    self.tables[at].grain,
                    Grain::Orders | Grain::Lines | Grain::OrderOnLines
                )
            })
            .collect();
        let rank = |at: usize| {
            let table = &self.tables[at];
            let whole = Self::is_dated(table) && table.customer().is_some();
            (
                table.thing() == Some(Concept::Payment),
                table.grain != Grain::Orders || !whole,
                !whole,
                std::cmp::Reverse(table.rows()),
            )
        };
        ranked.sort_by_key(|&at| rank(at));
        ranked
    }

    fn is_dated(table: &Known<'_>) -> bool {
        table.roles.column(Role::Date).is_some()
    }

    fn base(&self, at: usize) -> Option<Base> {
        let table = &self.tables[at];
        let lines = self.lines_of(at);
        let payments = lines.iter().copied().find(|link| {
            self.tables[link.from].grain == Grain::Payments && self.tables[link.from].has_money()
        });
        let with_money = lines.iter().copied().filter(|link| {
            let lines = &self.tables[link.from];
            // A table with a row per order, and no more than its money, is one of lines too.
            let grain = matches!(
                lines.grain,
                Grain::Lines | Grain::OrderOnLines | Grain::Other
            );
            grain && lines.has_money()
        });
        let mut with_money: Vec<&Link> = with_money.collect();
        with_money.sort_by_key(|link| std::cmp::Reverse(self.tables[link.from].rows()));
        // A layout that names payments means them; otherwise items say more.
        let said = payments.filter(|link| self.tables[link.from].layout.is_some());
        // A list price beside the orders is no match for what the lines or payments say was paid.
        let mut others = with_money.iter().copied().chain(payments);
        let better =
            others.any(|link| self.tables[link.from].roles.money_points > table.roles.money_points);
        let weak = table.roles.money_points < WEAK_MONEY && better;
        let (root, payments) = if table.has_money() && !weak {
            (at, None)
        } else if let Some(said) = said {
            (at, Some(said.clone()))
        } else if let Some(items) = with_money.first() {
            (items.from, None)
        } else {
            (at, payments.cloned())
        };
        let mut base = Base {
            table: root,
            sides: Vec::new(),
            picks: Vec::new(),
            payments,
            credits: Vec::new(),
            price: None,
        };
        base.sides = self.sides(root, vec![(root, Through::Base)], Vec::new());
        if !self.is_complete(&base) {
            return None;
        }
        let mut taken: Vec<usize> = base.tables().collect();
        // Payments bring how they were paid, too.
        base.picks.extend(base.payments.clone());
        for link in self.lines_of(root) {
            let table = &self.tables[link.from];
            if taken.contains(&link.from) {
                continue;
            }
            match table.grain {
                Grain::Refunds => base.credits.push(link.clone()),
                Grain::Lines | Grain::OrderOnLines | Grain::Other | Grain::Payments => {
                    base.picks.push(link.clone());
                }
                _ => continue,
            }
            taken.push(link.from);
        }
        self.refunds_of_sides(&mut base, &mut taken);
        let picks = base.picks.iter().enumerate();
        let asking = picks
            .map(|(at, link)| (link.from, Through::Pick(at)))
            .collect();
        base.sides = self.sides(root, asking, base.sides);
        if !self.tables[root].has_money() && base.payments.is_none() {
            base.price = self.price(&base);
        }
        Some(base)
    }

    /// The price in the table of products that the rows themselves name.
    fn price(&self, base: &Base) -> Option<Price> {
        let sides = base.sides.iter().enumerate();
        let mut own = sides.filter(|(_, side)| side.through == Through::Base);
        own.find_map(|(at, side)| {
            let table = &self.tables[side.link.to];
            let column = table.roles.money.column()?;
            let is_price = table.grain == Grain::Products
                && table.roles.spoken[column].has(Concept::Price)
                && !table.roles.spoken[column].has(Concept::Cost);
            is_price.then_some(Price { side: at, column })
        })
    }

    /// The table whose orders those of a base are, where they count already: a copy of it, rows beside its
    /// items (parcels, payments), or rows without money beside some that have it.
    fn counted(&self, base: &Base, known: &[Base]) -> PolarsResult<Option<usize>> {
        let pays = |base: &Base| {
            self.tables[base.table].has_money() || base.payments.is_some() || base.price.is_some()
        };
        let is_payment = self.tables[base.table].thing() == Some(Concept::Payment);
        let of_orders = |known: &Base| {
            let mut orders = base.sides.iter().map(|side| side.link.to);
            orders.any(|at| {
                let joined = self.tables[at].grain == Grain::Orders;
                joined && known.tables().any(|table| table == at)
            })
        };
        let filled = |known: &&Base| self.tables[known.table].rows() > 0;
        for known in known.iter().filter(filled) {
            let beside = of_orders(known) || pays(known) && (is_payment || !pays(base));
            if beside || self.are_same_orders(known, base)? {
                return Ok(Some(known.table));
            }
        }
        Ok(None)
    }

    /// Whether the rows of two tables are the same orders, written down twice: most order numbers of one
    /// stand in the other, with the same customers.
    fn are_same_orders(&self, known: &Base, other: &Base) -> PolarsResult<bool> {
        let (known, other) = (&self.tables[known.table], &self.tables[other.table]);
        let orders = known.order().zip(other.order());
        let customers = known.customer().zip(other.customer());
        let (Some((known_order, order)), Some((known_customer, customer))) = (orders, customers)
        else {
            return Ok(false);
        };
        let (asked, keys) = (other.keys(order)?, known.keys(known_order)?);
        let rows = frames::lookup(&asked.numbers, &keys.numbers);
        let theirs = known.keys_at(known_customer, &rows)?;
        let ours = other.keys(customer)?;
        let customers = frames::agreement(&ours.numbers, &theirs, |_, _| false);
        let met = customers.met;
        Ok(met > 0 && met * 2 >= other.rows() && !customers.is_contradicted())
    }

    /// Refunds that name an order or item of a joined table.
    fn refunds_of_sides(&self, base: &mut Base, taken: &mut Vec<usize>) {
        let sides: Vec<usize> = base.sides.iter().map(|side| side.link.to).collect();
        for side in sides {
            for link in self.links.iter().filter(|link| link.to == side) {
                if self.tables[link.from].grain == Grain::Refunds && !taken.contains(&link.from) {
                    base.credits.push(link.clone());
                    taken.push(link.from);
                }
            }
        }
    }

    /// Tables with rows that name an order (or item) of this one, the closest link of each.
    fn lines_of(&self, at: usize) -> Vec<&Link> {
        let order = self.tables[at].order();
        let mut found: Vec<&Link> = Vec::new();
        for link in self.links.iter().filter(|link| link.to == at) {
            let of_order = Some(link.to_column) == order;
            let refund = self.tables[link.from].grain == Grain::Refunds;
            if !(of_order && link.share() >= SAME_ORDERS || refund) {
                continue;
            }
            match found.iter_mut().find(|known| known.from == link.from) {
                Some(known) if of_order && known.share() <= link.share() => *known = link,
                Some(_) => {}
                None => found.push(link),
            }
        }
        found
    }

    /// Everything that has one row for a row of the tables that ask, or of one joined before.
    fn sides(
        &self,
        root: usize,
        mut asking: Vec<(usize, Through)>,
        mut sides: Vec<Side>,
    ) -> Vec<Side> {
        let mut at = 0;
        while let Some(&(table, through)) = asking.get(at) {
            at += 1;
            for (to, link) in self.best_links(table) {
                let known = to == root
                    || sides.iter().any(|side| side.link.to == to)
                    || asking.iter().any(|(asks, _)| *asks == to);
                if known || self.tables[to].grain == Grain::Refunds || self.is_beside(link) {
                    continue;
                }
                asking.push((to, Through::Side(sides.len())));
                sides.push(Side {
                    link: link.clone(),
                    through,
                });
            }
        }
        sides
    }

    /// Whether a link leads to a table of other orders: two exports with different columns share customers,
    /// and a few orders where they overlap, but each has its own sales.
    fn is_beside(&self, link: &Link) -> bool {
        let (from, to) = (&self.tables[link.from], &self.tables[link.to]);
        let sells = |table: &Known<'_>| {
            Self::is_dated(table) && table.customer().is_some() && table.layout.is_none()
        };
        let by_number = Some(link.to_column) == to.order();
        sells(to)
            && matches!(to.grain, Grain::Orders | Grain::Lines | Grain::OrderOnLines)
            && (!by_number || sells(from) && to.has_money() && link.share() < SAME_ORDERS)
    }

    /// Of several links to one table the one that finds most.
    fn best_links(&self, table: usize) -> Vec<(usize, &Link)> {
        let mut best: Vec<(usize, &Link)> = Vec::new();
        for link in self.links.iter().filter(|link| link.from == table) {
            match best.iter_mut().find(|(to, _)| *to == link.to) {
                Some((_, known)) if known.found < link.found => *known = link,
                Some(_) => {}
                None => best.push((link.to, link)),
            }
        }
        best
    }

    /// Whether customer and day of each line are known, by the table itself or a joined one.
    fn is_complete(&self, base: &Base) -> bool {
        let sides = base.sides.iter().map(|side| side.link.to);
        let tables: Vec<&Known<'_>> = std::iter::once(base.table)
            .chain(sides)
            .map(|at| &self.tables[at])
            .filter(|table| {
                matches!(
                    table.grain,
                    Grain::Orders | Grain::Lines | Grain::OrderOnLines
                )
            })
            .collect();
        tables.iter().any(|table| Self::is_dated(table))
            && tables.iter().any(|table| {
                table.customer().is_some() || table.roles.column(Role::Contact).is_some()
            })
    }
}
