//! Numbers, times and paragraphs as people read them.

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if 0 < position && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 run`, `2,000 runs`.
pub fn counted(number: u64, thing: &str) -> String {
    let plural = match thing.strip_suffix("ry") {
        Some(stem) => format!("{stem}ries"),
        None if thing.ends_with("sh") => format!("{thing}es"),
        None => format!("{thing}s"),
    };
    format!("{} {}", grouped(number), if number == 1 { thing } else { &plural })
}

/// A number with one digit after the point, from tenths: `12.3`; from ten on without.
pub fn tenths(tenths: u64) -> String {
    if tenths < 100 { format!("{}.{}", tenths / 10, tenths % 10) } else { grouped(tenths / 10) }
}

/// A share in percent: `12 %`, and never `0 %` for what is there or `100 %` for what is not all.
pub fn percent(part: u64, whole: u64) -> String {
    match (part.saturating_mul(1000)).checked_div(whole) {
        None | Some(0) if part == 0 => "0 %".to_owned(),
        None | Some(0) => "<0.1 %".to_owned(),
        Some(tenths_of_percent) if tenths_of_percent < 100 => {
            format!("{} %", tenths(tenths_of_percent))
        }
        Some(_) if part == whole => "100 %".to_owned(),
        Some(tenths_of_percent) => format!("{} %", (tenths_of_percent / 10).min(99)),
    }
}

/// A duration: `0.3 s`, `12 s`, `3 min 20 s`.
pub fn duration(ms: u64) -> String {
    match ms {
        0..60_000 => format!("{} s", tenths(ms / 100)),
        _ => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
    }
}

/// Breaks a paragraph into lines of at most `width` characters where words allow.
pub fn wrapped(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Columns before the items of a [`paragraph`].
pub const NAME: usize = 10;

/// `name      a, b, c`, over several lines of at most `width` characters; items are not
/// broken unless they are longer than a line.
pub fn paragraph(name: &str, items: &[String], width: usize) -> String {
    let room = width.saturating_sub(NAME).max(24);
    let mut lines = vec![String::new()];
    for part in items.iter().flat_map(|item| wrapped(item, room)) {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && room < line.chars().count() + 2 + part.chars().count() {
            lines.push(part);
        } else {
            line.push_str(if line.is_empty() { "" } else { "  " });
            line.push_str(&part);
        }
    }
    format!("{name:<9} {}\n", lines.join("\n          "))
}

/// Rows as columns that are as wide as their widest cell; the last column is not padded, and goes
/// on under itself where it is longer than `width` allows.
pub fn table(rows: &[Vec<String>], indent: usize, width: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.saturating_sub(1)).map(wide).collect();
    let start = indent + widths.iter().map(|width| width + 2).sum::<usize>();
    let mut text = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            let padding = width + 2 - cell.chars().count();
            line.push_str(cell);
            line.push_str(&" ".repeat(padding));
        }
        let last = row.get(widths.len()).map_or("", String::as_str);
        let last = wrapped(last, width.saturating_sub(start).max(24));
        line.push_str(&last.join(&format!("\n{}", " ".repeat(start))));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A word as a shell takes it.
pub fn shell(word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=,@%+".contains(char);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups() {
        let check = |number, text: &str| assert_eq!(grouped(number), text);
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(1_234_567, "1,234,567");
        assert_eq!(counted(1, "run"), "1 run");
        assert_eq!(counted(2000, "entry"), "2,000 entries");
        assert_eq!(counted(0, "replay"), "0 replays");
        assert_eq!(
            (tenths(7), tenths(99), tenths(12_345)),
            ("0.7".into(), "9.9".into(), "1,234".into())
        );
    }

    #[test]
    fn shares_are_never_rounded_to_nothing_or_to_all() {
        let check = |part, whole, text: &str| assert_eq!(percent(part, whole), text);
        check(0, 0, "0 %");
        check(0, 7, "0 %");
        check(1, 100_000, "<0.1 %");
        check(5, 1000, "0.5 %");
        check(128, 1000, "12 %");
        check(9_999, 10_000, "99 %");
        check(7, 7, "100 %");
    }

    #[test]
    fn times_are_short() {
        assert_eq!(
            [duration(312), duration(12_345), duration(200_000)],
            ["0.3 s", "12 s", "3 min 20 s"]
        );
    }

    #[test]
    fn tables_align_and_go_on_under_themselves() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let text = table(&[row("crash", "a node loses its power"), row("cut", "one way")], 2, 27);
        assert_eq!(text, "  crash  a node loses its power\n  cut    one way\n");
        let text = table(&[row("crash", "a node loses its power and some writes")], 0, 30);
        assert_eq!(text, "crash  a node loses its power\n       and some writes\n");
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        let check = |word, text: &str| assert_eq!(shell(word), text);
        check("raft-core", "raft-core");
        check("raft-core?bug=x", "'raft-core?bug=x'");
        check("it's", "'it'\\''s'");
        check("", "''");
    }
}
