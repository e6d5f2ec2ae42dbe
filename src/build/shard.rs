//! Splitting a plan over several machines.

use std::fmt::{Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostic, Errors};
use crate::text;

/// One part of a plan: `2/5` is the second of five.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// Which one, counted from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Shard {
    /// The jobs of this shard, by index. The most expensive job goes first to the
    /// shard that has the least to do (Graham's LPT rule), so that all take about as
    /// long; the same costs are split in the same way on every machine.
    pub fn select(self, costs: &[u64]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..costs.len()).collect();
        let cost = |index: &usize| costs.get(*index).copied().unwrap_or_default();
        order.sort_by_key(|index| std::cmp::Reverse(cost(index)));
        let mut loads = std::collections::BinaryHeap::new();
        loads
            .extend((0..self.of).map(|shard| std::cmp::Reverse((0_u64, 0_usize, shard))));
        let mut mine = Vec::new();
        for index in order {
            let Some(std::cmp::Reverse((load, count, shard))) = loads.pop() else {
                break;
            };
            let load = load.saturating_add(cost(&index));
            loads.push(std::cmp::Reverse((load, count + 1, shard)));
            if shard + 1 == self.number {
                mine.push(index);
            }
        }
        mine.sort_unstable();
        mine
    }
}

impl Display for Shard {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl FromStr for Shard {
    type Err = Errors;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let numbers = written.split_once('/');
        let parsed = numbers.and_then(|(number, of)| {
            Some(Self {
                number: number.trim().parse().ok()?,
                of: of.trim().parse().ok()?,
            })
        });
        match parsed {
            Some(shard) if (1..=shard.of).contains(&shard.number) => Ok(shard),
            _ => Err(Diagnostic::error(
                "usage/shard",
                text!(
                    "`{written}` 不是一份计划中的一份",
                    "`{written}` is no part of a plan"
                ),
            )
            .hint(text!(
                "写成 `2/5`：五份中的第二份",
                "write it like `2/5`: the second of five parts"
            ))
            .into()),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        written.parse().map_err(|_| format!("`{written}` is no part of a plan"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_hold_each_job_once_and_take_about_as_long() {
        let costs: Vec<u64> = (0..1000).map(|n| 10 + n * n % 977).collect();
        let shards: Vec<Vec<usize>> =
            (1..=7).map(|number| Shard { number, of: 7 }.select(&costs)).collect();
        let mut all = shards.concat();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
        let load = |shard: &Vec<usize>| shard.iter().map(|job| costs[*job]).sum::<u64>();
        let loads: Vec<u64> = shards.iter().map(load).collect();
        let (least, most) = (loads.iter().min(), loads.iter().max());
        let difference = most.expect("seven") - least.expect("seven");
        assert!(difference < 1000, "{loads:?}");
    }

    #[test]
    fn jobs_that_cost_nothing_are_dealt_out_evenly() {
        let sizes = (1..=3).map(|number| Shard { number, of: 3 }.select(&[0; 10]).len());
        assert_eq!(sizes.collect::<Vec<_>>(), [4, 3, 3]);
    }

    #[test]
    fn shards_are_written_as_fractions() {
        assert_eq!("2/5".parse().ok(), Some(Shard { number: 2, of: 5 }));
        for wrong in ["0/5", "6/5", "2", "a/b", "1/0", "-1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
