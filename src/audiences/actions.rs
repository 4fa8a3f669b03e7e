//! What to do with a segment, or with a segment and what it promises: plain words a marketing manager
//! can act on tomorrow, each of which can be replaced.

use std::collections::BTreeMap;

use super::matrix::Band;

/// Key of a cell in [`super::AudienceSettings::actions`]: "VIP · High".
#[must_use]
pub fn cell_key(segment: &str, band: Band) -> String {
    format!("{segment} · {}", band.title())
}

/// The action for a segment: the person's own text, else the default for its name.
#[must_use]
pub fn for_segment<'a>(own: &'a BTreeMap<String, String>, segment: &str) -> &'a str {
    own.get(segment)
        .map_or_else(|| default_for_segment(segment), String::as_str)
}

/// The action for a cell: the person's own text, else the default.
#[must_use]
pub fn for_cell<'a>(own: &'a BTreeMap<String, String>, segment: &str, band: Band) -> &'a str {
    own.get(&cell_key(segment, band))
        .map_or_else(|| default_for_cell(segment, band), String::as_str)
}

fn default_for_segment(segment: &str) -> &'static str {
    match segment {
        "VIP" => "Say thank you in person: early access, a named contact, no discounts.",
        "Loyal" => "Invite to the loyalty programme and recommend what goes with past orders.",
        "Potential Loyalist" => {
            "Lead to the next order: a bundle or free shipping above their usual basket."
        }
        "At Risk" => "Ask what went wrong and give a reason to return within two weeks.",
        "Dormant" => "One inexpensive reminder a season; stop when nothing comes back.",
        "Regulars" => "Keep in the regular newsletter; test which offer brings a second order.",
        _ => "Watch for a month before spending money on this group.",
    }
}

fn default_for_cell(segment: &str, band: Band) -> &'static str {
    match (segment, band) {
        ("VIP" | "Loyal", Band::High) => "Protect: personal service, early access, no discounts.",
        ("VIP" | "Loyal", Band::Middle) => "Grow the basket: recommend what goes with past orders.",
        ("VIP" | "Loyal", Band::Low) => "Find out what changed: a short survey with a thank-you.",
        ("At Risk", Band::High) => "Win back first: call or write in person, with a real offer.",
        ("At Risk", Band::Middle) => "Win back by e-mail: one offer, one reminder, two weeks.",
        ("Dormant", Band::High) => "Worth one good offer: they still promise value.",
        ("Potential Loyalist", Band::High) => "Invest: welcome gift with the next order.",
        ("At Risk" | "Dormant", Band::Low) => "Spend nothing: newsletter at most.",
        (_, Band::High) => "Invest: lead to the next order with a fitting recommendation.",
        (_, Band::Middle) => "Nudge: a bundle or free shipping above the usual basket.",
        (_, Band::Low) => "Keep in the newsletter; no paid contact.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_texts_replace_the_defaults() {
        let mut own = BTreeMap::new();
        assert!(for_segment(&own, "VIP").contains("thank you"));
        assert!(for_cell(&own, "My segment", Band::Low).contains("newsletter"));
        own.insert("VIP".to_owned(), "Call them.".to_owned());
        own.insert(cell_key("VIP", Band::Low), "Wait.".to_owned());
        assert_eq!(for_segment(&own, "VIP"), "Call them.");
        assert_eq!(for_cell(&own, "VIP", Band::Low), "Wait.");
        assert!(for_cell(&own, "VIP", Band::High).contains("Protect"));
    }
}
