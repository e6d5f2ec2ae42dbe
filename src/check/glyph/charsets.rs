//! The character sets of Chinese faces: GB2312, GBK and GB18030-2000.
//!
//! Faces for Word are on the machines of those who open a draft, so that what they have
//! is known by the standard that they were made for only.

use encoding_rs::GBK;

/// What a face was made to have.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub enum Charset {
    /// GB/T 2312-1980: 6,763 Han characters.
    Gb2312,
    /// GBK: 21,003 Han characters.
    Gbk,
    /// GB18030-2000: those of GBK and the 6,582 of extension A, which the faces of
    /// Windows have since Vista.
    Gb18030,
}

impl Charset {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gb2312 => "GB2312",
            Self::Gbk => "GBK",
            Self::Gb18030 => "GB18030",
        }
    }

    /// Whether it has a character. Of GBK's two bytes, those of GB2312 have a first one of
    /// A1 to F7 and a second one of A1 to FE.
    pub fn has(self, c: char) -> bool {
        if self == Self::Gb18030 && matches!(c, '\u{3400}'..='\u{4DB5}') {
            return true;
        }
        let mut buffer = [0; 4];
        let (bytes, _, fails) = GBK.encode(c.encode_utf8(&mut buffer));
        match (self, &bytes[..]) {
            (_, _) if fails => false,
            (_, [_]) | (Self::Gbk | Self::Gb18030, [_, _]) => true,
            (Self::Gb2312, [first, second]) => {
                (0xA1..=0xF7).contains(first) && *second >= 0xA1
            }
            _ => false,
        }
    }
}

/// The character set of a face that Word documents name, if it is a known one.
pub fn of_face(face: &str) -> Option<Charset> {
    const OF_WINDOWS: [&str; 14] = [
        "宋体",
        "SimSun",
        "新宋体",
        "NSimSun",
        "黑体",
        "SimHei",
        "仿宋",
        "FangSong",
        "楷体",
        "KaiTi",
        "微软雅黑",
        "Microsoft YaHei",
        "等线",
        "DengXian",
    ];
    const OF_OFFICE: [&str; 10] = [
        "华文宋体",
        "华文中宋",
        "华文楷体",
        "华文仿宋",
        "华文细黑",
        "STSong",
        "STZhongsong",
        "STKaiti",
        "STFangsong",
        "STXihei",
    ];
    let face = face.trim();
    let bare = face.trim_start_matches('@');
    if bare.ends_with("_GB2312") || (bare.starts_with("方正") && bare.ends_with("简体"))
    {
        return Some(Charset::Gb2312);
    }
    if OF_WINDOWS.contains(&bare) {
        return Some(Charset::Gb18030);
    }
    let is_gbk = bare.ends_with("_GBK") || OF_OFFICE.contains(&bare);
    is_gbk.then_some(Charset::Gbk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_those_of_the_standards() {
        let count = |set: Charset| {
            let all = ('\u{3400}'..='\u{9FFF}').chain('\u{F900}'..='\u{FAFF}');
            all.filter(|c| set.has(*c)).count()
        };
        assert_eq!(count(Charset::Gb2312), 6763);
        assert!(
            (20_902..21_100).contains(&count(Charset::Gbk)),
            "{}",
            count(Charset::Gbk)
        );
        assert!(Charset::Gb18030.has('㛃') && !Charset::Gb18030.has('\u{20000}'));
        for (c, gb2312, gbk) in [
            ('镕', false, true),
            ('喆', false, true),
            ('王', true, true),
            ('㛃', false, false),
        ] {
            assert_eq!(
                (Charset::Gb2312.has(c), Charset::Gbk.has(c)),
                (gb2312, gbk),
                "{c}"
            );
        }
    }

    #[test]
    fn faces_are_known() {
        assert_eq!(of_face("楷体_GB2312"), Some(Charset::Gb2312));
        assert_eq!(of_face("方正小标宋简体"), Some(Charset::Gb2312));
        assert_eq!(of_face("方正小标宋_GBK"), Some(Charset::Gbk));
        assert_eq!(of_face("宋体"), Some(Charset::Gb18030));
        assert_eq!(of_face("Noto Serif SC"), None);
    }
}
