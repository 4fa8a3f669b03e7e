//! Coded columns as they were read → [`Attribute`]s, in byte order of their values.

use rayon::prelude::*;

use crate::{
    lines::stage::StagedAttribute,
    orders::{Attribute, Codes, PoolFull, TextPool},
};

/// A dictionary in byte order, without the values that nobody uses.
#[derive(Clone, Debug)]
pub struct Dictionary {
    pub values: TextPool,
    /// The new code of each old one.
    pub new_codes: Vec<u32>,
}

impl Dictionary {
    /// Sorts the values that the given rows use.
    ///
    /// # Errors
    /// [`PoolFull`] when the texts outgrow 4 GiB.
    pub fn of(
        attribute: &StagedAttribute,
        rows: impl Iterator<Item = usize>,
    ) -> Result<Self, PoolFull> {
        let texts = attribute.values.texts();
        let used = used_codes(&attribute.codes, rows, texts.len());
        let mut sorted: Vec<u32> = (0..texts.len() as u32)
            .filter(|&code| used[code as usize])
            .collect();
        sorted.sort_unstable_by_key(|&code| texts.get(code as usize));
        let mut new_codes = vec![0_u32; texts.len()];
        let mut values = TextPool::default();
        for &code in &sorted {
            new_codes[code as usize] = values.push(texts.get(code as usize))?;
        }
        Ok(Self { values, new_codes })
    }
}

/// Sorts the dictionary, leaves unused values out, and puts the codes in the order of `rows` (lines
/// of the shop, or customers).
///
/// # Errors
/// [`PoolFull`] when the texts outgrow 4 GiB.
pub fn finish(attribute: StagedAttribute, rows: &[u32]) -> Result<Attribute, PoolFull> {
    let all = rows.iter().map(|&row| row as usize);
    let Dictionary { values, new_codes } = Dictionary::of(&attribute, all)?;
    let codes = match &attribute.codes {
        Codes::U8(codes) => recode(codes, rows, (&new_codes, values.len())),
        Codes::U16(codes) => recode(codes, rows, (&new_codes, values.len())),
        Codes::U32(codes) => recode(codes, rows, (&new_codes, values.len())),
    };
    Ok(Attribute {
        name: attribute.name,
        codes,
        values,
    })
}

/// Which codes the rows use; a few thousand rows often use them all.
fn used_codes(codes: &Codes, rows: impl Iterator<Item = usize>, distinct: usize) -> Vec<bool> {
    let (mut used, mut left) = (vec![false; distinct], distinct);
    for row in rows {
        let code = codes.get(row) as usize;
        if !std::mem::replace(&mut used[code], true) {
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
    used
}

/// New codes of the rows, as narrow as so many values allow.
fn recode<C: Copy + Into<u32> + Send + Sync>(
    codes: &[C],
    rows: &[u32],
    (new_codes, values): (&[u32], usize),
) -> Codes {
    let new = |row: &u32| {
        let old: u32 = codes[*row as usize].into();
        new_codes[old as usize]
    };
    let rows = rows.par_iter().with_min_len(1 << 16);
    match values {
        0..=0x100 => Codes::U8(rows.map(|row| new(row) as u8).collect()),
        0x101..=0x1_0000 => Codes::U16(rows.map(|row| new(row) as u16).collect()),
        _ => Codes::U32(rows.map(new).collect()),
    }
}
