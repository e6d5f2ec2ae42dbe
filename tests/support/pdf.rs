//! PDF files made by hand.

/// A PDF of objects; what finds them is left to the reader to repair.
pub fn objects(objects: &[&str]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    for (number, object) in (1..).zip(objects) {
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    file += "trailer\n<< /Root 1 0 R >>\n%%EOF\n";
    file.into_bytes()
}

fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Codes 1 to 4 are 甲, 乙, fi as one glyph, and 字.
const TO_UNICODE: &str = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap \
    /CMapName /X def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange \
    3 beginbfchar <0001> <7532> <0002> <4e59> <0003> <00660069> endbfchar \
    1 beginbfrange <0004> <0004> <5b57> endbfrange endcmap end end";

/// A page with a content stream, and tags below `/Document`.
pub fn tagged(content: &str, roles: &str, tags: &[&str]) -> Vec<u8> {
    let (content, map) = (stream(content), stream(TO_UNICODE));
    let root = format!("<< /Type /StructTreeRoot /RoleMap << {roles} >> /K 10 0 R >>");
    let mut all = vec![
        "<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R /Outlines 8 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R \
         /Resources << /Font << /F 5 0 R >> >> >>",
        &content,
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R >>",
        &map,
        &root,
        "<< /Type /Outlines /First 9 0 R >>",
        // It is its own next one: it must not be read for ever.
        "<< /Title <FEFF7532> /Parent 8 0 R /Next 9 0 R >>",
    ];
    all.extend(tags);
    objects(&all)
}
