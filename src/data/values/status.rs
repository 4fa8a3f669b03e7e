//! What a status says about a sale, in the words of shop programs and payment services and in many
//! languages.
//!
//! A status column of a shop has a dozen distinct values, so words are looked up folded
//! ([`fold`]), as a whole first, then without the prefix (`wc-`, `order_status:`) or suffix that programs
//! put around them. What is not in a table is [`Standing::Unknown`]: it is for the user to decide, never
//! silently a sale.
//!
//! Words that programs use in different senses have the usual one here; a layout knows better: Magento
//! writes `closed` of orders that were refunded in full, nearly everybody else of orders that are done.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::values::text::fold;

/// What a status says about a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Standing {
    /// Paid for, completed, delivered.
    Sale,
    /// Cancelled, returned, voided, charged back, fraud, a test, in the trash: there is no sale.
    NotKept,
    /// The money went back.
    Refunded,
    /// Part of the money went back: a sale, less what another column or table says.
    PartlyRefunded,
    /// Not paid (yet): pending, on hold, awaiting payment. Shops that deliver on invoice write this of real
    /// sales, so it is told apart from [`Self::NotKept`].
    Unpaid,
    /// Nobody has paid or will: failed, declined, expired, a draft, an abandoned checkout. Told apart from
    /// [`Self::NotKept`] because a first payment may fail for goods that were sent.
    Failed,
    /// Paid or about to be, on its way: processing, packed, shipped. A sale.
    InProgress,
    /// Looked at, put into the cart: what a log of events says of everything before the purchase. Or paid
    /// out to the shop's bank, a fee: what an account's log says of everything beside the sales.
    NoPurchase,
    /// Not a word that is known here.
    Unknown,
}

impl Standing {
    /// Whether an order of this standing counts as a sale; `None` where nobody can know.
    #[must_use]
    pub fn is_sale(self) -> Option<bool> {
        match self {
            Self::Sale | Self::InProgress | Self::PartlyRefunded => Some(true),
            Self::NotKept | Self::Refunded | Self::Unpaid | Self::Failed | Self::NoPurchase => {
                Some(false)
            }
            Self::Unknown => None,
        }
    }
}

/// Words of one standing, divided by blanks.
#[derive(Deserialize)]
struct Row(Standing, String);

#[allow(
    clippy::expect_used,
    reason = "the file is compiled in, and a test reads it"
)]
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/words/statuses.ron");
    ron::from_str(text).expect("assets/words/statuses.ron")
});

static WORDS: LazyLock<HashMap<&'static str, Standing>> = LazyLock::new(|| {
    let rows = ROWS.iter();
    rows.flat_map(|Row(standing, list)| list.split(' ').map(|word| (word, *standing)))
        .collect()
});

/// What programs write before a status, folded.
const PREFIXES: [&str; 14] = [
    "wc",
    "orderstatus",
    "orderstate",
    "paymentstatus",
    "financialstatus",
    "fulfillmentstatus",
    "shippingstatus",
    "deliverystatus",
    "status",
    "state",
    "bestellstatus",
    "statut",
    "order",
    "payment",
];

/// What stands behind a status, folded.
const SUFFIXES: [&str; 8] = [
    "order",
    "status",
    "bycustomer",
    "bybuyer",
    "byseller",
    "bymerchant",
    "byadmin",
    "payment",
];

/// What a status says about a sale.
#[must_use]
pub fn standing(text: &str) -> Standing {
    // Behind a colon or slash stands the status itself: `order_status:complete`, `Status / Paid`.
    let folded = fold(text);
    if let Some(found) = look_up(&folded) {
        return found;
    }
    let last = text.rsplit([':', '/', '|', '=']).next().unwrap_or(text);
    look_up(&fold(last)).unwrap_or(Standing::Unknown)
}

/// Whether a cell of a flag says yes or no.
#[must_use]
pub fn yes_or_no(cell: &str) -> Option<bool> {
    match fold(cell).as_str() {
        "true" | "t" | "yes" | "y" | "1" | "ja" | "j" | "oui" | "si" | "sim" | "s" | "tak"
        | "да" | "wahr" | "vrai" | "x" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "nein" | "non" | "nao" | "nie" | "нет" | "falsch"
        | "faux" | "nee" => Some(false),
        _ => None,
    }
}

/// Whether a row of this kind is money given back, where a column says what each row is.
#[must_use]
pub fn is_given_back(cell: &str) -> bool {
    match standing(cell) {
        Standing::Refunded | Standing::PartlyRefunded => true,
        Standing::NotKept => {
            let folded = fold(cell);
            let words = [
                "return",
                "retour",
                "ruckgabe",
                "devol",
                "chargeback",
                "reversal",
                "reso",
            ];
            words.iter().any(|word| folded.starts_with(word))
        }
        _ => false,
    }
}

fn look_up(folded: &str) -> Option<Standing> {
    if let Some(found) = WORDS.get(folded) {
        return Some(*found);
    }
    let behind = PREFIXES.iter().filter_map(|part| folded.strip_prefix(part));
    let before = SUFFIXES.iter().filter_map(|part| folded.strip_suffix(part));
    behind
        .chain(before)
        .find_map(|rest| WORDS.get(rest))
        .copied()
}

/// Share of the filled distinct values of a column that are known status words, from 0 to 1; 0 when none is
/// filled.
#[must_use]
pub fn known_share<'a>(values: impl IntoIterator<Item = &'a str>) -> f64 {
    let (mut filled, mut known) = (0_u32, 0_u32);
    for value in values {
        if !super::missing::is_missing_number_or_date(value.trim()) {
            filled += 1;
            known += u32::from(standing(value) != Standing::Unknown);
        }
    }
    f64::from(known) / f64::from(filled.max(1))
}

/// Whether most distinct values of a column are known status words.
#[must_use]
pub fn is_status<'a>(values: impl IntoIterator<Item = &'a str>) -> bool {
    known_share(values) >= 0.6
}

#[cfg(test)]
mod tests {
    use super::*;
    use Standing::{Failed, InProgress, NotKept, PartlyRefunded, Refunded, Sale, Unknown, Unpaid};

    #[test]
    fn words_of_shops_and_services() {
        let mut wrong = Vec::new();
        for (standing_of, texts) in [
            (
                Sale,
                "complete|COMPLETED|wc-completed|Delivered|paid|Paid in full|succeeded|fulfilled|\
                 order_status:complete|Bezahlt|abgeschlossen|payé|livrée|Pagado|entregado|concluído|\
                 betaald|zrealizowane|betald|levert|toimitettu|Tamamlandı|оплачен|Выполнен|Dokončeno|\
                 teljesítve|finalizată|完了|已完成|CLOSED|Shipped - Delivered to Buyer|Payment accepted|Paiement accepté|approved",
            ),
            (
                InProgress,
                "processing|wc-processing|Shipped|invoiced|partially_fulfilled|unfulfilled|in_transit|\
                 Shipped - In Transit|Preparation in progress|versandt|expédié|En cours de préparation|\
                 enviado|em transporte|spedito|verzonden|wysłane|skickad|kargoda|отправлен|発送済み|已发货|\
                 Awaiting Shipment|Partially Shipped|Ready for pickup|Unshipped",
            ),
            (
                NotKept,
                "Cancelled|CANCELED|wc-cancelled|canceled_by_customer|unavailable|voided|returned|\
                 storniert|zurückgesendet|annulé|anulado|cancelado|annullato|geannuleerd|anulowane|avbruten|\
                 kansellert|peruutettu|iptal edildi|отменён|Отменен|zrušeno|törölve|anulată|キャンセル|已取消|\
                 fraud|trash|wc-trash|test|chargeback|Disputed",
            ),
            (
                Refunded,
                "refunded|wc-refunded|fully_refunded|erstattet|remboursé|reembolsado|rimborsato|\
                 terugbetaald|zwrócono|återbetald|refundert|возврат|iade edildi|返金済み|已退款",
            ),
            (
                PartlyRefunded,
                "partially_refunded|Partially refunded|partial refund|teilweise erstattet|partially returned",
            ),
            (
                Unpaid,
                "SUSPECTED_FRAUD|pending|wc-pending|PENDING_PAYMENT|on-hold|ON_HOLD|wc-on-hold|awaiting payment|\
                 Awaiting bank wire payment|PAYMENT_REVIEW|uncaptured|authorized|unpaid|\
                 offen|ausstehend|en attente|pendiente|aguardando pagamento|in attesa|in afwachting|\
                 oczekujące|beklemede|ожидает оплаты|未払い|待付款|created",
            ),
            (
                Failed,
                "failed|wc-failed|checkout-draft|wc-checkout-draft|draft|auto-draft|requires_payment_method|\
                 expired|declined|fehlgeschlagen|échoué|fallido|falhou|fallito|mislukt|Payment error|abandoned",
            ),
            (Unknown, "|blue|Berlin|12|gold|F|wc-"),
        ] {
            for text in texts.split('|') {
                let found = standing(text.trim());
                if found != standing_of {
                    wrong.push(format!("{text}: {found:?}, not {standing_of:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_word_stands_once() {
        let mut seen = std::collections::BTreeMap::new();
        for Row(standing, list) in ROWS.iter() {
            for word in list.split(' ') {
                assert_eq!(fold(word), word);
                if let Some(other) = seen.insert(word, standing) {
                    panic!("`{word}` is {other:?} and {standing:?}");
                }
            }
        }
    }

    #[test]
    fn a_column_of_status_words() {
        assert!(is_status(["Complete", "Cancelled", "", "Returned", "n/a"]));
        assert!(!is_status(["Berlin", "Paris", "paid"]));
        assert!(!is_status(["", "-"]));
    }
}
