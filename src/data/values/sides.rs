//! Words for the two sides of an account: money that comes in and money that goes out.

/// Which side of an account a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    pub comes_in: bool,
    /// Whether it means the same in every book: a credit is money received in a bank's, and money given
    /// back in that of a shop's customers.
    pub certain: bool,
    /// Place in [`PAIRS`].
    pair: usize,
}

impl Side {
    /// The side that a folded word names.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let mut pairs = PAIRS.iter().enumerate();
        pairs.find_map(|(pair, sides)| {
            let at = sides
                .iter()
                .position(|words| words.split(' ').any(|known| known == word))?;
            Some(Self {
                comes_in: at == 0,
                certain: pair == 0,
                pair,
            })
        })
    }

    #[must_use]
    pub fn is_opposite(self, other: Self) -> bool {
        self.comes_in != other.comes_in && self.pair == other.pair
    }
}

/// Words for what comes in and what goes out, in pairs; those of the first mean the same everywhere.
const PAIRS: [[&str; 2]; 9] = [
    [
        "in inflow incoming received receipts deposit deposits eingang einzahlung einnahme einnahmen entree encaissement ingreso ingresos entrada entradas entrata entrate bij 入金 入金額",
        "out outflow outgoing sent payments withdrawal withdrawals withdrawn spent ausgang auszahlung ausgabe ausgaben sortie decaissement egreso egresos salida salidas saida saidas uscita uscite af 出金 出金額",
    ],
    [
        "credit credits credito creditos 貸方",
        "debit debits debito debitos 借方",
    ],
    ["cr", "dr"],
    ["c", "d"],
    ["haben", "soll"],
    ["h", "s"],
    ["haber", "debe"],
    ["abono", "cargo"],
    ["avere", "dare"],
];
