//! How alike two texts are, by the pairs of characters next to each other.

use std::collections::HashMap;

/// How often each pair of characters stands in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs {
    counts: HashMap<(char, char), usize>,
    total: usize,
}

impl Pairs {
    /// Counts the pairs of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut pairs = Self::default();
        for pair in text.chars().zip(text.chars().skip(1)) {
            *pairs.counts.entry(pair).or_default() += 1;
            pairs.total += 1;
        }
        pairs
    }

    /// How many of the pairs are in another text, too.
    fn shared(&self, other: &Self) -> usize {
        let there = |pair| other.counts.get(pair).copied().unwrap_or(0);
        self.counts.iter().map(|(pair, count)| there(pair).min(*count)).sum()
    }

    /// What part of the pairs is in another text: 1 if all are.
    pub(super) fn share_in(&self, other: &Self) -> f64 {
        self.shared(other) as f64 / self.total.max(1) as f64
    }

    /// How alike the texts are: 1 if they have the same pairs, 0 if none.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        2.0 * self.shared(other) as f64 / (self.total + other.total).max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_count_as_one() {
        let (a, b) = (Pairs::of("五年来新建十二家"), Pairs::of("五年来新建十三家"));
        assert!((a.likeness(&b) - 10.0 / 14.0).abs() < 1e-9);
        assert!((a.share_in(&b) - 5.0 / 7.0).abs() < 1e-9);
        assert!(Pairs::of("").likeness(&Pairs::of("")).abs() < 1e-9);
    }
}
