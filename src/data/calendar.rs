//! Days and times of day, as agendas write them.

/// A day of the calendar.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub struct Date {
    year: i32,
    month: u32,
    day: u32,
}

/// A time of day, in minutes after midnight; 24:00 is one.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub struct Time(u32);

impl Date {
    /// Reads `2023-03-28`, `2023年3月28日`, `2023.3.28` or `2023/3/28`.
    pub fn read(text: &str) -> Option<Self> {
        let numbers = numbers(text.trim(), &['-', '.', '/', '年', '月', '日', '号'])?;
        let [year, month, day] = numbers[..] else { return None };
        let known = (1..=9999).contains(&year) && (1..=12).contains(&month);
        let date = Self { year: i32::try_from(year).ok()?, month, day };
        (known && (1..=date.last_of_month()).contains(&day)).then_some(date)
    }

    fn last_of_month(self) -> u32 {
        let leap = (self.year % 4 == 0 && self.year % 100 != 0) || self.year % 400 == 0;
        match self.month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// The same day some years later; 29 February is the 28th where there is none.
    pub fn years_later(self, years: i32) -> Self {
        let moved = Self { year: (self.year + years).clamp(1, 9999), ..self };
        Self { day: self.day.min(moved.last_of_month()), ..moved }
    }

    /// 3月28日.
    pub fn month_and_day(self) -> String {
        format!("{}月{}日", self.month, self.day)
    }

    /// `2023-03-28`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// 星期二 (Sakamoto's method).
    pub fn weekday(self) -> &'static str {
        const SHIFTS: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        const NAMES: [&str; 7] =
            ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        let shift = SHIFTS[(self.month as usize - 1) % 12];
        let sum = year + year / 4 - year / 100 + year / 400 + shift + self.day as i32;
        NAMES[sum.rem_euclid(7) as usize]
    }
}

impl Time {
    /// Reads `9:00`, `09:00`, `9：30`, `9点`, `9时30分`, `9点半` and the like, with 上午,
    /// 下午 … before it.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let parts = ["上午", "早上", "凌晨", "早", "中午", "下午", "晚上", "傍晚", "晚"];
        let part = parts.into_iter().find(|part| text.starts_with(part));
        let rest = text[part.map_or(0, str::len)..].trim();
        let rest = rest.replace('半', "30").replace("一刻", "15").replace('整', "");
        let (hour, minute) = match numbers(&rest, &[':', '：', '点', '时', '分'])?[..]
        {
            [hour, minute] => (hour, minute),
            [hour] if rest.ends_with(['点', '时']) => (hour, 0),
            _ => return None,
        };
        let late = matches!(part, Some("下午" | "晚上" | "傍晚" | "晚")) && hour < 12;
        let noon = part == Some("中午") && hour < 3;
        let hour = if late || noon { hour + 12 } else { hour };
        let minutes = hour * 60 + minute;
        (minute < 60 && minutes <= 24 * 60).then_some(Self(minutes))
    }

    /// Minutes after midnight.
    pub fn minutes(self) -> u32 {
        self.0
    }

    /// The part of the day that it is in.
    pub fn part(self) -> &'static str {
        match self.0 / 60 {
            0..12 => "上午",
            12..18 => "下午",
            _ => "晚上",
        }
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The beginning and, if it is there, the end of `9:00—10:30`.
pub fn span(text: &str) -> Option<(Time, Option<Time>)> {
    const DASHES: [char; 9] = ['—', '–', '-', '－', '~', '～', '至', '〜', '−'];
    let Some((start, end)) = text.split_once(DASHES) else {
        return Some((Time::read(text)?, None));
    };
    let end = end.trim_start_matches(DASHES);
    let start = Time::read(start)?;
    let end_time = Time::read(end)?;
    // 下午2:30—4:00: what is said of the beginning goes for the end.
    let later = Time(end_time.0 + 12 * 60);
    let afternoon = start.0 >= 12 * 60 && end_time < start && end_time.0 <= 12 * 60;
    let repeated = text.trim().starts_with(|c: char| !c.is_ascii_digit());
    Some((start, Some(if afternoon && repeated { later } else { end_time })))
}

/// A length of time: 1小时30分钟.
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}分钟"),
        (hours, 0) => format!("{hours}小时"),
        (hours, minutes) => format!("{hours}小时{minutes}分钟"),
    }
}

/// The numbers between separators; a last separator may end the text.
fn numbers(text: &str, separators: &[char]) -> Option<Vec<u32>> {
    let text = text.strip_suffix(separators).unwrap_or(text);
    let number = |digits: &str| {
        let sound =
            (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| digits.parse().ok())?
    };
    text.split(separators).map(|digits| number(digits.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_weekdays() {
        let label = |text| {
            let date = Date::read(text)?;
            Some(format!("{} {}", date.month_and_day(), date.weekday()))
        };
        assert_eq!(label("2023-03-28").as_deref(), Some("3月28日 星期二"));
        assert_eq!(label("2024年2月29日").as_deref(), Some("2月29日 星期四"));
        assert_eq!(label("2000/1/1").as_deref(), Some("1月1日 星期六"));
        assert_eq!(label("2023-02-29"), None);
        assert_eq!(label("3月28日"), None);
    }

    #[test]
    fn times_of_day() {
        let read = |text| Time::read(text).map(|time| time.to_string());
        for (written, time) in [
            ("9:00", "9:00"),
            ("09：05", "9:05"),
            ("9点", "9:00"),
            ("9时30分", "9:30"),
            ("下午2:30", "14:30"),
            ("下午2点半", "14:30"),
            ("中午12:00", "12:00"),
            ("晚上7点", "19:00"),
            ("24:00", "24:00"),
        ] {
            assert_eq!(read(written).as_deref(), Some(time), "{written}");
        }
        for wrong in ["", "9", "9:60", "25:00", "上午", "24:01"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans() {
        let read = |text| {
            let (start, end) = span(text)?;
            Some(format!(
                "{start} {}",
                end.map(|end| end.to_string()).unwrap_or_default()
            ))
        };
        assert_eq!(read("9:00—10:30").as_deref(), Some("9:00 10:30"));
        assert_eq!(read("9:00-10:30").as_deref(), Some("9:00 10:30"));
        assert_eq!(read("下午2:30至4:00").as_deref(), Some("14:30 16:00"));
        assert_eq!(read("14:30").as_deref(), Some("14:30 "));
        assert_eq!(read("9:00—"), None);
        assert_eq!(duration(90), "1小时30分钟");
    }
}
