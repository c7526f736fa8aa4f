//! Times as people write them: `8m`, `30s`, `1h30m`, `500ms`.

/// Reads a time in milliseconds. The error is for clap, which says where it stood.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    let wrong = || "write a time like 8m, 30s or 1h30m".to_owned();
    let mut total: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let word = rest.find(|char: char| char.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match &rest[..word] {
            "ms" => 1,
            "s" => 1000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        rest = &rest[word..];
        total = number.checked_mul(unit).and_then(|ms| total.checked_add(ms)).ok_or_else(wrong)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let check = |text, ms| assert_eq!(parse(text).ok(), ms, "{text}");
        check("8m", Some(480_000));
        check("30s", Some(30_000));
        check("1h30m", Some(5_400_000));
        check("500ms", Some(500));
        check("0s", Some(0));
        check("30", None);
        check("s", None);
        check("", None);
        check("1.5s", None);
        check("99999999999999999999h", None);
        check("9999999999999999h", None);
    }
}
