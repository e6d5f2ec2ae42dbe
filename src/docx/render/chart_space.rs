//! The part of a chart: what Word draws, in two inks, with the values that it shows.

use super::workbook::{SHEET, column};
use crate::docx::language::charts::{Chart, Kind, Series};
use crate::docx::language::quantities::Quantity;
use crate::docx::opc::escape;

/// The namespace of charts.
pub(crate) const C: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Black at 80 %, for words and baselines.
const BLACK: &str = "333333";
/// A tint of it, for the rules behind what is drawn.
const RULE: &str = "CCCCCC";

/// A tint of one of the two inks.
struct Ink {
    colour: &'static str,
    /// Whether words on it are white.
    dark: bool,
}

/// The red and the black in turn, then their tints: neighbours differ in print
/// without colour, too.
const INKS: [Ink; 8] = [
    Ink { colour: "B3202A", dark: true },
    Ink { colour: BLACK, dark: true },
    Ink { colour: "D5848A", dark: false },
    Ink { colour: "999999", dark: false },
    Ink { colour: "E8BCBF", dark: false },
    Ink { colour: "666666", dark: true },
    Ink { colour: "C6585F", dark: true },
    Ink { colour: RULE, dark: false },
];

/// The marks on lines: what tells them apart without colour.
const SYMBOLS: [&str; 4] = ["circle", "square", "diamond", "triangle"];

/// The numbers of the axes.
const CATEGORY_AXIS: &str = "111111111";
/// See [`CATEGORY_AXIS`].
const VALUE_AXIS: &str = "222222222";

fn ink(at: usize) -> &'static Ink {
    &INKS[at % INKS.len()]
}

/// The part; `workbook` is its relationship to the numbers.
pub(crate) fn write(chart: &Chart, workbook: &str) -> String {
    let title = title(chart);
    let untitled = u8::from(title.is_empty());
    let plot = plot(chart);
    let legend = if chart.has_legend() { legend(chart) } else { String::new() };
    let words = words("txPr", 900, BLACK);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <c:chartSpace xmlns:c=\"{C}\" xmlns:a=\"{A}\" xmlns:r=\"{R}\">\
         <c:date1904 val=\"0\"/><c:lang val=\"zh-CN\"/><c:roundedCorners val=\"0\"/>\
         <c:chart>{title}<c:autoTitleDeleted val=\"{untitled}\"/>\
         <c:plotArea><c:layout/>{plot}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>\
         </c:plotArea>{legend}<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         <c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{words}\
         <c:externalData r:id=\"{workbook}\"><c:autoUpdate val=\"0\"/></c:externalData>\
         </c:chartSpace>"
    )
}

/// A colour that fills.
fn fill(colour: &str) -> String {
    format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>")
}

/// A line of so many English Metric Units.
fn rule(width: u32, colour: &str) -> String {
    format!("<a:ln w=\"{width}\">{}</a:ln>", fill(colour))
}

/// The fonts of Chinese and other words, with their colour.
fn face(colour: &str) -> String {
    let fill = fill(colour);
    format!("{fill}<a:latin typeface=\"Arial\"/><a:ea typeface=\"黑体\"/>")
}

/// The look of words, in hundredths of a point; they never turn.
fn words(element: &str, size: u32, colour: &str) -> String {
    let face = face(colour);
    format!(
        "<c:{element}><a:bodyPr rot=\"0\" vert=\"horz\"/><a:lstStyle/><a:p><a:pPr>\
         <a:defRPr sz=\"{size}\" b=\"0\">{face}</a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"zh-CN\"/></a:p></c:{element}>"
    )
}

/// Title and unit on one line; nothing if there is neither.
fn title(chart: &Chart) -> String {
    let run = |size: u32, bold: u8, text: &str| match text {
        "" => String::new(),
        text => format!(
            "<a:r><a:rPr lang=\"zh-CN\" sz=\"{size}\" b=\"{bold}\">{}</a:rPr>\
             <a:t>{}</a:t></a:r>",
            face(BLACK),
            escape::escape(text)
        ),
    };
    let runs = run(1050, 1, &chart.title) + &run(900, 0, &chart.unit_note());
    if runs.is_empty() {
        return runs;
    }
    let face = face(BLACK);
    format!(
        "<c:title><c:tx><c:rich><a:bodyPr rot=\"0\" vert=\"horz\"/><a:lstStyle/><a:p><a:pPr>\
         <a:defRPr sz=\"1050\" b=\"1\">{face}</a:defRPr></a:pPr>{runs}</a:p></c:rich></c:tx>\
         <c:overlay val=\"0\"/></c:title>"
    )
}

fn legend(chart: &Chart) -> String {
    let side = if chart.kind == Kind::Donut { "r" } else { "t" };
    let words = words("txPr", 900, BLACK);
    format!(
        "<c:legend><c:legendPos val=\"{side}\"/><c:overlay val=\"0\"/>{words}</c:legend>"
    )
}

/// What is drawn, with its axes.
fn plot(chart: &Chart) -> String {
    let all = chart.series.iter().enumerate();
    let series: String = all.map(|(at, series)| one_series(chart, at, series)).collect();
    let axes = format!("<c:axId val=\"{CATEGORY_AXIS}\"/><c:axId val=\"{VALUE_AXIS}\"/>");
    match chart.kind {
        Kind::Bar | Kind::Column => {
            let direction = if chart.kind == Kind::Bar { "bar" } else { "col" };
            let axes_below = category_axis(chart) + &value_axis(chart);
            format!(
                "<c:barChart><c:barDir val=\"{direction}\"/><c:grouping val=\"clustered\"/>\
                 <c:varyColors val=\"0\"/>{series}<c:gapWidth val=\"60\"/><c:overlap val=\"0\"/>\
                 {axes}</c:barChart>{axes_below}"
            )
        }
        Kind::Line => {
            let axes_below = category_axis(chart) + &value_axis(chart);
            format!(
                "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{series}\
                 <c:marker val=\"1\"/>{axes}</c:lineChart>{axes_below}"
            )
        }
        Kind::Donut => format!(
            "<c:doughnutChart><c:varyColors val=\"1\"/>{series}\
             <c:firstSliceAng val=\"0\"/><c:holeSize val=\"55\"/></c:doughnutChart>"
        ),
    }
}

/// A series: its name, its look, its labels, its categories and values.
fn one_series(chart: &Chart, at: usize, series: &Series) -> String {
    let name = name(at, series);
    let look = look(chart, at);
    let labels = labels(chart, series);
    let (categories, values) = (categories(chart), values(at, series));
    let smooth = if chart.kind == Kind::Line { "<c:smooth val=\"0\"/>" } else { "" };
    format!(
        "<c:ser><c:idx val=\"{at}\"/><c:order val=\"{at}\"/>{name}{look}{labels}\
         <c:cat>{categories}</c:cat><c:val>{values}</c:val>{smooth}</c:ser>"
    )
}

fn name(at: usize, series: &Series) -> String {
    if series.name.is_empty() {
        return String::new();
    }
    let (column, name) = (column(at + 1), escape::escape(&series.name));
    format!(
        "<c:tx><c:strRef><c:f>{SHEET}!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/>\
         <c:pt idx=\"0\"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    )
}

/// The inks of a series, or of the slices of a ring.
fn look(chart: &Chart, at: usize) -> String {
    let colour = ink(at).colour;
    match chart.kind {
        Kind::Bar | Kind::Column => {
            format!("<c:spPr>{}</c:spPr><c:invertIfNegative val=\"0\"/>", fill(colour))
        }
        Kind::Line => {
            let symbol = SYMBOLS[at % SYMBOLS.len()];
            let (line, mark) = (rule(19_050, colour), fill(colour));
            format!(
                "<c:spPr>{line}</c:spPr><c:marker><c:symbol val=\"{symbol}\"/><c:size val=\"5\"/>\
                 <c:spPr>{mark}<a:ln><a:noFill/></a:ln></c:spPr></c:marker>"
            )
        }
        Kind::Donut => {
            let slice = |at: usize| {
                let (ink, gap) = (fill(ink(at).colour), rule(12_700, "FFFFFF"));
                format!(
                    "<c:dPt><c:idx val=\"{at}\"/><c:bubble3D val=\"0\"/>\
                     <c:spPr>{ink}{gap}</c:spPr></c:dPt>"
                )
            };
            (0..chart.categories.len()).map(slice).collect()
        }
    }
}

/// The labels of a series: its values, as they are written.
fn labels(chart: &Chart, series: &Series) -> String {
    const SHOWN: &str = "<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/>\
        <c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/>\
        <c:showBubbleSize val=\"0\"/>";
    if !chart.labels {
        return String::new();
    }
    let usual = usual_format(series);
    let place = match chart.kind {
        Kind::Bar | Kind::Column => "<c:dLblPos val=\"outEnd\"/>",
        Kind::Line => "<c:dLblPos val=\"t\"/>",
        Kind::Donut => "",
    };
    let label = |format: &str, colour: &str| {
        let (format, look) =
            (escape::escape_attribute(format), words("txPr", 800, colour));
        format!(
            "<c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/>\
             <c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{look}{place}{SHOWN}"
        )
    };
    let own = series.values.iter().enumerate().filter_map(|(point, value)| {
        let format = value.as_ref()?.format();
        let colour = match chart.kind {
            Kind::Donut if ink(point).dark => "FFFFFF",
            _ => BLACK,
        };
        let differs = format != usual || chart.kind == Kind::Donut;
        let label = || label(&format, colour);
        differs.then(|| format!("<c:dLbl><c:idx val=\"{point}\"/>{}</c:dLbl>", label()))
    });
    let own: String = own.collect();
    format!("<c:dLbls>{own}{}</c:dLbls>", label(&usual, BLACK))
}

/// The number format of the first value.
fn usual_format(series: &Series) -> String {
    let first = series.values.iter().flatten().next();
    first.map_or_else(|| "General".to_owned(), Quantity::format)
}

fn categories(chart: &Chart) -> String {
    let (count, last) = (chart.categories.len(), chart.categories.len() + 1);
    let points = chart.categories.iter().enumerate().map(|(at, category)| {
        format!("<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escape::escape(category))
    });
    let points: String = points.collect();
    format!(
        "<c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache><c:ptCount val=\"{count}\"/>\
         {points}</c:strCache></c:strRef>"
    )
}

fn values(at: usize, series: &Series) -> String {
    let (column, count) = (column(at + 1), series.values.len());
    let (last, usual) = (count + 1, usual_format(series));
    let points = series.values.iter().enumerate().filter_map(|(at, value)| {
        let (format, plain) = (value.as_ref()?.format(), &value.as_ref()?.plain);
        let format = match format == usual {
            true => String::new(),
            false => format!(" formatCode=\"{}\"", escape::escape_attribute(&format)),
        };
        Some(format!("<c:pt idx=\"{at}\"{format}><c:v>{plain}</c:v></c:pt>"))
    });
    let (points, usual): (String, _) = (points.collect(), escape::escape(&usual));
    format!(
        "<c:numRef><c:f>{SHEET}!${column}$2:${column}${last}</c:f><c:numCache>\
         <c:formatCode>{usual}</c:formatCode><c:ptCount val=\"{count}\"/>{points}\
         </c:numCache></c:numRef>"
    )
}

/// The baseline, with the categories.
fn category_axis(chart: &Chart) -> String {
    // The first bar is the uppermost.
    let (side, order) = match chart.kind {
        Kind::Bar => ("l", "maxMin"),
        _ => ("b", "minMax"),
    };
    let (line, words) = (rule(9525, BLACK), words("txPr", 900, BLACK));
    format!(
        "<c:catAx><c:axId val=\"{CATEGORY_AXIS}\"/><c:scaling><c:orientation val=\"{order}\"/>\
         </c:scaling><c:delete val=\"0\"/><c:axPos val=\"{side}\"/>\
         <c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr>{line}</c:spPr>{words}\
         <c:crossAx val=\"{VALUE_AXIS}\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/>\
         <c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>"
    )
}

/// The axis of values with hairlines, which goes where the values stand beside
/// what is drawn.
fn value_axis(chart: &Chart) -> String {
    let (side, crosses) = match chart.kind {
        // Its categories run downwards, and the axis stands below the last.
        Kind::Bar => ("b", "max"),
        _ => ("l", "autoZero"),
    };
    let first = chart.series.iter().map(usual_format).next().unwrap_or_default();
    let format = escape::escape_attribute(&first);
    let values = chart.series.iter().flat_map(|series| &series.values).flatten();
    let negative = values.map(Quantity::value).any(|value| value < 0.0);
    let from_zero = match negative || chart.kind == Kind::Line {
        true => "",
        false => "<c:min val=\"0\"/>",
    };
    let rules = match chart.labels {
        true => String::new(),
        false => format!(
            "<c:majorGridlines><c:spPr>{}</c:spPr></c:majorGridlines>",
            rule(3810, RULE)
        ),
    };
    let (gone, words) = (u8::from(chart.labels), words("txPr", 800, BLACK));
    format!(
        "<c:valAx><c:axId val=\"{VALUE_AXIS}\"/><c:scaling><c:orientation val=\"minMax\"/>\
         {from_zero}</c:scaling><c:delete val=\"{gone}\"/><c:axPos val=\"{side}\"/>{rules}\
         <c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>\
         <c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{words}<c:crossAx val=\"{CATEGORY_AXIS}\"/>\
         <c:crosses val=\"{crosses}\"/><c:crossBetween val=\"between\"/></c:valAx>"
    )
}
