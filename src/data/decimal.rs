//! Exact decimal arithmetic: what is derived from figures is never off by a digit.

use std::fmt;

/// A decimal number: `digits` × 10^-`scale`.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct Decimal {
    digits: i128,
    scale: u32,
}

/// How many digits a number may have: products of two still fit.
const MAX_DIGITS: usize = 18;

impl Decimal {
    /// Reads `1,234.50`: digits with a sign, separators of thousands and a point.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = match text.strip_prefix(['-', '−', '－']) {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole = whole.replace([',', '，'], "");
        let all = format!("{whole}{fraction}");
        let sound = !whole.is_empty()
            && all.len() <= MAX_DIGITS
            && all.bytes().all(|b| b.is_ascii_digit());
        let digits: i128 = sound.then(|| all.parse().ok())??;
        Some(Self { digits: sign * digits, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// Whether it is nought.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is below nought.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Self { digits: self.digits.abs(), ..self }
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        let digits = self.scaled(scale) + other.scaled(scale);
        Self { digits, scale }
    }

    /// Nought.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// Whether it is the same number, however it is written.
    pub fn equals(self, other: Self) -> bool {
        self.minus(other).is_zero()
    }

    /// Whether it is greater.
    pub fn exceeds(self, other: Self) -> bool {
        let difference = self.minus(other);
        !difference.is_zero() && !difference.is_negative()
    }

    /// The number as a float, where its exact value does not matter.
    pub fn float(self) -> f64 {
        self.digits as f64 / 10_f64.powi(i32::try_from(self.scale).unwrap_or(i32::MAX))
    }

    /// How many places it is written with.
    pub fn places(self) -> u32 {
        self.scale
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        let digits = self.scaled(scale) - other.scaled(scale);
        Self { digits, scale }
    }

    /// Times a power of ten.
    pub fn shifted(self, power: u32) -> Self {
        match self.scale.checked_sub(power) {
            Some(scale) => Self { scale, ..self },
            None => {
                let missing = power - self.scale;
                Self { digits: self.digits * 10_i128.pow(missing), scale: 0 }
            }
        }
    }

    /// A hundred times the ratio to another number, to some places, half up
    /// (away from nought); nothing if the other is nought.
    pub fn percent_of(self, other: Self, places: u32) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let divisor = other.scaled(scale);
        if divisor == 0 || places > 6 {
            return None;
        }
        let hundredfold = self.scaled(scale).checked_mul(100 * 10_i128.pow(places))?;
        let sign = hundredfold.signum() * divisor.signum();
        let (dividend, divisor) = (hundredfold.abs(), divisor.abs());
        let rounded = dividend.checked_mul(2)?.checked_add(divisor)? / (divisor * 2);
        Some(Self { digits: sign * rounded, scale: places })
    }

    /// Without zeros at the end of the fraction.
    pub fn trimmed(self) -> Self {
        let mut trimmed = self;
        while trimmed.scale > 0 && trimmed.digits % 10 == 0 {
            trimmed = Self { digits: trimmed.digits / 10, scale: trimmed.scale - 1 };
        }
        trimmed
    }

    fn scaled(self, scale: u32) -> i128 {
        self.digits * 10_i128.pow(scale - self.scale)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(self.scale);
        let digits = self.digits.unsigned_abs();
        let sign = if self.is_negative() { "-" } else { "" };
        write!(f, "{sign}{}", digits / unit)?;
        match self.scale {
            0 => Ok(()),
            scale => write!(f, ".{:0width$}", digits % unit, width = scale as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decimal {
        Decimal::read(text).expect("a number")
    }

    #[test]
    fn numbers_are_read_and_written() {
        for text in ["0", "8.60", "-3.5", "123456789012345678", "0.05"] {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read("1,234.5").to_string(), "1234.5");
        for text in ["", "约300", "1.2.3", "1234567890123456789", "."] {
            assert_eq!(Decimal::read(text), None, "{text}");
        }
    }

    #[test]
    fn differences_and_ratios_are_exact() {
        assert_eq!(read("0.3").minus(read("0.1")).to_string(), "0.2");
        assert_eq!(read("8.6").minus(read("10")).to_string(), "-1.4");
        let percent = |a: &str, b: &str, places| {
            read(a).percent_of(read(b), places).map(|ratio| ratio.to_string())
        };
        assert_eq!(percent("1", "3", 1).as_deref(), Some("33.3"));
        assert_eq!(percent("1.005", "1", 1).as_deref(), Some("100.5"));
        assert_eq!(percent("-1", "8", 1).as_deref(), Some("-12.5"));
        assert_eq!(percent("1", "16", 1).as_deref(), Some("6.3"));
        assert_eq!(percent("1", "0", 1), None);
        assert_eq!(read("1.25").shifted(4).to_string(), "12500");
        assert_eq!(read("20.0").trimmed().to_string(), "20");
    }
}
