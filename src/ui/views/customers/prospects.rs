//! What can be expected of a customer, in words and as text: still there or not, predicted spend,
//! what customers like this one did next, the lists it stands on.

use super::model::Detail;
use crate::format::{chance, count, date, integer, money, money_exact, percent};
use audiences::{
    ListKind,
    story::{Moment, Peer, Push, Reasons, Story},
};
use pipeline::{People, snapshot::Shop};

/// "75.3 % likely to still be a customer as of 1 Jul 2025; lowest 12 % on 3 Mar 2025."
#[must_use]
pub fn alive_finding(story: &Story) -> String {
    let Some(now) = story.moments.last() else {
        return "Too little is known of this shop to tell.".to_owned();
    };
    let purchases = story.moments.iter().any(|moment| moment.alive < 1.0);
    if !purchases {
        return "A single purchase so far: counts as certain to be still there, by construction of the \
                model, until a second one shows a rhythm."
            .to_owned();
    }
    let lowest = story
        .moments
        .iter()
        .min_by(|a, b| a.alive.total_cmp(&b.alive))
        .filter(|lowest| lowest.alive < now.alive - 0.05);
    let before = lowest.map_or(String::new(), |lowest| {
        format!(
            " Was as low as {} on {}.",
            chance(lowest.alive),
            date(lowest.day)
        )
    });
    format!(
        "{} likely to still be a customer on {}.{before}",
        chance(now.alive),
        date(now.day)
    )
}

/// "34.2 expected within 90 days; 80 % of simulated futures lie between 0 and 81."
#[must_use]
pub fn value_finding(moment: &Moment, horizon_days: u32, currency: &str) -> String {
    format!(
        "{} expected within {horizon_days} days; 8 of 10 simulated futures lie between {} and {}.",
        money(moment.value, currency),
        money(moment.low, currency),
        money(moment.high, currency)
    )
}

/// "Of 25 customers who looked like this 90 days ago, 9 have ordered since; they spent 23.1 each."
#[must_use]
pub fn peers_finding(story: &Story, currency: &str) -> String {
    let peers = &story.peers;
    if peers.is_empty() {
        return "Nobody was known one horizon ago to compare with.".to_owned();
    }
    let back = peers.iter().filter(|peer| peer.orders_next > 0).count();
    let spent: f64 = peers.iter().map(|peer| peer.revenue_next).sum();
    format!(
        "Of the {} customers who looked most like this one {} days ago, {} ordered since; on average they \
         spent {}.",
        integer(peers.len() as u64),
        story.horizon_days,
        integer(back as u64),
        money(spent / peers.len() as f64, currency)
    )
}

/// "Boosted trees (90-day spend) predicts 54.2."
#[must_use]
pub fn reasons_finding(reasons: &Reasons, currency: &str) -> String {
    match reasons.value {
        Some(value) if reasons.class => format!("{} predicts {}.", reasons.model, percent(value)),
        Some(value) => format!("{} predicts {}.", reasons.model, money(value, currency)),
        None => format!("{} says nothing of this customer.", reasons.model),
    }
}

/// "Recency days 12 raises the prediction strongly."
#[must_use]
pub fn push_words(push: &Push, largest: f64) -> String {
    let verb = if push.part < 0.0 { "lowers" } else { "raises" };
    let how = match push.part.abs() / largest.max(1e-12) {
        share if share > 0.6 => "strongly",
        share if share > 0.25 => "clearly",
        _ => "a little",
    };
    let name = crate::format::feature(&push.feature);
    format!("{name} {} {verb} the prediction {how}.", push.value)
}

/// One peer in words.
#[must_use]
pub fn peer_words(id: &str, peer: &Peer, currency: &str) -> String {
    format!(
        "{id}: then {} and {}, silent for {}; since then {}, {}",
        count(u64::from(peer.orders), "order", "orders"),
        money(peer.revenue, currency),
        count(u64::try_from(peer.recency_days).unwrap_or(0), "day", "days"),
        count(u64::from(peer.orders_next), "order", "orders"),
        money_exact(peer.revenue_next, currency)
    )
}

/// The lists a customer stands on.
#[must_use]
pub fn lists_of(people: &People, customer: u32) -> Vec<ListKind> {
    let bits = people
        .lists
        .member
        .get(customer as usize)
        .copied()
        .unwrap_or(0);
    ListKind::ALL
        .into_iter()
        .enumerate()
        .filter(|(place, _)| bits >> place & 1 == 1)
        .map(|(_, kind)| kind)
        .collect()
}

/// Everything the panel says, as text for a mail or a ticket.
#[must_use]
pub fn as_text(shop: &Shop, detail: &Detail, (note, currency): (&str, &str)) -> String {
    let mut lines = vec![format!(
        "Customer {} as of {}",
        detail.id,
        date(detail.as_of)
    )];
    for (name, text) in &detail.labels {
        lines.push(format!("{name}: {text}"));
    }
    if let Some(why) = &detail.segment {
        lines.push(format!(
            "Segment: {}. {} {}",
            why.name, why.matched, why.nearest
        ));
        lines.push(why.changes.clone());
    }
    for line in &detail.scores {
        lines.push(format!("{} {}: {}", line.name, line.score, line.value));
    }
    for (name, figure) in &detail.figures {
        lines.push(format!("{name}: {figure}"));
    }
    lines.push(detail.finding.clone());
    let ids = &shop.dataset.orders.customer_ids;
    let mine = |story: &&Story| ids.get(story.customer as usize) == detail.id;
    if let Some(story) = shop.story.as_deref().filter(mine) {
        lines.extend(story_lines(shop, story, currency));
    }
    if !note.is_empty() {
        lines.push(format!("Note: {note}"));
    }
    for row in &detail.orders {
        let (kind, amount) = if row.credit {
            ("credit", row.amount)
        } else if row.kept {
            ("order", row.amount)
        } else {
            ("not kept", row.amount_not_kept)
        };
        lines.push(format!(
            "{}  {kind}  {}",
            date(row.day),
            money_exact(amount, currency)
        ));
    }
    lines.join("\n")
}

/// What to expect of the customer, a line each.
fn story_lines(shop: &Shop, story: &Story, currency: &str) -> Vec<String> {
    let mut lines = vec![alive_finding(story)];
    if let Some(now) = story.moments.last() {
        lines.push(value_finding(now, story.horizon_days, currency));
    }
    if let Some(reasons) = &story.reasons {
        lines.push(reasons_finding(reasons, currency));
        let largest = reasons
            .pushes
            .iter()
            .map(|push| push.part.abs())
            .fold(0.0, f64::max);
        lines.extend(reasons.pushes.iter().map(|push| push_words(push, largest)));
    }
    lines.push(peers_finding(story, currency));
    if let Some(people) = &shop.people {
        let names = lists_of(people, story.customer);
        if !names.is_empty() {
            let names: Vec<&str> = names.into_iter().map(ListKind::title).collect();
            lines.push(format!("On lists: {}.", names.join(", ")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(day: i32, alive: f64) -> Moment {
        Moment {
            day,
            alive,
            value: 30.0,
            low: 0.0,
            high: 81.0,
            purchase: false,
        }
    }

    #[test]
    fn findings_say_the_numbers() {
        let mut story = Story {
            horizon_days: 90,
            moments: vec![moment(10, 0.9), moment(20, 0.3), moment(31, 0.8)],
            ..Story::default()
        };
        assert_eq!(
            alive_finding(&story),
            "80.0 % likely to still be a customer on 1 Feb 1970. Was as low as 30.0 % on 21 Jan 1970."
        );
        story.moments = vec![moment(31, 1.0)];
        assert!(alive_finding(&story).starts_with("A single purchase so far"));
        assert_eq!(
            value_finding(&story.moments[0], 90, "€"),
            "€ 30.0 expected within 90 days; 8 of 10 simulated futures lie between € 0 and € 81.0."
        );
        let peer = Peer {
            orders_next: 1,
            revenue_next: 40.0,
            ..Peer::default()
        };
        story.peers = vec![peer, Peer::default()];
        assert_eq!(
            peers_finding(&story, ""),
            "Of the 2 customers who looked most like this one 90 days ago, 1 ordered since; on average \
             they spent 20.0."
        );
    }
}
