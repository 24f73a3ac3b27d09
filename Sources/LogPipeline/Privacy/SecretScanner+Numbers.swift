/// Card, account, telephone and social security numbers.
extension SecretScanner {
  private static let socialSecurityWords: [StaticString] = [
    "ssn", "social security", "social_security", "socialsecurity",
  ]
  private static let phoneWords: [StaticString] = [
    "phone", "telephone", "tel", "mobile", "cell", "fax", "whatsapp", "msisdn",
  ]

  /// What starts with the digits at `start`, the first of their run.
  func number(_ start: Int) -> Finding? {
    if let account = iban(start) { return account }
    if text[start - 1] == UInt8(ascii: "+") {
      if let phone = longest(from: start, isPhone: true, internationalPhone) { return phone }
    }
    guard isNumberEdge(before: start), !isShortAndAlone(start) else { return nil }
    let isBracketed =
      text[start - 1] == UInt8(ascii: "(")
      && text[text.end(from: start, while: ByteClass.isDigit)] == UInt8(ascii: ")")
    return longest(from: start, card) ?? longest(from: start, socialSecurity)
      ?? longest(from: start, isPhone: isBracketed) { nationalPhone($0, isBracketed: isBracketed) }
  }

  /// Fewer than seven digits that no further group follows: most numbers, told without an allocation. "(212) 555-0123"
  /// starts with such a group too.
  private func isShortAndAlone(_ start: Int) -> Bool {
    let end = text.end(from: start, limit: 7, while: ByteClass.isDigit)
    return end - start < 7 && !ByteClass.isDigit(text[end + 1]) && text[end] != UInt8(ascii: ")")
  }

  /// The most groups that make such a number and end where a number may end: another number may follow after a blank.
  private func longest(
    from start: Int, isPhone: Bool = false, _ kind: (DigitGroups) -> Finding?
  ) -> Finding? {
    var groups = DigitGroups(text, from: start, isPhone: isPhone)
    while true {
      if isNumberEdge(after: groups.end), let finding = kind(groups) { return finding }
      guard groups.count > 1 else { return nil }
      groups = DigitGroups(text, from: start, isPhone: isPhone, countMax: groups.count - 1)
    }
  }

  /// 13 to 19 digits, whole or in the groups printed on cards, with an issuer's prefix and a right check digit.
  private func card(_ groups: DigitGroups) -> Finding? {
    guard CardNumber.isGrouped(groups),
      CardNumber.isValid(text, groups.start, groups.end)
    else { return nil }
    return Finding(groups.start, groups.end, .card)
  }

  /// "123-45-6789"; with blanks or without only after a word that says so.
  private func socialSecurity(_ groups: DigitGroups) -> Finding? {
    let isDashed = groups.grouping == 0x324 && groups.separator == UInt8(ascii: "-")
    let isShaped = groups.grouping == 0x324 || groups.count == 1 && groups.digits == 9
    guard isShaped, isDashed || isAnnounced(groups.start, by: Self.socialSecurityWords) else {
      return nil
    }
    var value = 0
    for at in groups.start..<groups.end where ByteClass.isDigit(text[at]) {
      value = value * 10 + Int(text[at] - 0x30)
    }
    // Never given out: area 000, 666 and 900 up, group 00, serial 0000.
    let (area, group, serial) = (value / 1_000_000, value / 10_000 % 100, value % 10_000)
    guard area != 0, area != 666, area < 900, group != 0, serial != 0 else { return nil }
    return Finding(groups.start, groups.end, .ssn)
  }

  /// After a "+": a country's code and up to 15 digits.
  private func internationalPhone(_ number: DigitGroups) -> Finding? {
    let start = number.start
    guard start == 1 || !ByteClass.isWord(text[start - 2]), text[start] != UInt8(ascii: "0")
    else { return nil }
    // Whole numbers with a sign are commoner than short telephone numbers without a blank.
    guard number.digits <= 15, number.digits >= (number.count == 1 ? 10 : 8) else { return nil }
    if number.separator == UInt8(ascii: "."), number.count < 3 { return nil }
    if text[start] == UInt8(ascii: "1") {
      guard isNorthAmerican(number, behind: 1) else { return nil }
    }
    return Finding(start - 1, number.end, .phone)
  }

  private func nationalPhone(_ number: DigitGroups, isBracketed: Bool) -> Finding? {
    guard (7...17).contains(number.digits) else { return nil }
    let (first, second) = (number.digit(0, text), number.digit(1, text))
    let separator = number.separator
    let finding = Finding(isBracketed ? number.start - 1 : number.start, number.end, .phone)
    switch number.grouping {
    case 0x334:
      let isPlain = !isBracketed && separator == UInt8(ascii: " ")
      if !isPlain, isNorthAmerican(number, behind: 0) { return finding }
    case 0x1334:
      let isOne = first == 1 && separator != UInt8(ascii: " ")
      if isOne, isNorthAmerican(number, behind: 1) { return finding }
    case 0x344 where first == 1 && second >= 3: return finding
    case 0 where number.count == 1 && number.digits == 11 && first == 1 && second >= 3:
      if isBehindOtherScript(number.start) { return finding }
    case 0x344, 0x56, 0x47, 0x46, 0x434, 0x433, 0x36, 0x37, 0x38:
      if first == 0, second != 0, separator != UInt8(ascii: ".") { return finding }
    case 0x22222:
      // Pairs that go on are no number to call but bytes or times.
      let goesOn = ByteClass.isDigit(text[number.end + 1])
      if first == 0, second != 0, separator != UInt8(ascii: "."), !goesOn { return finding }
    default:
      // "0049 30 901820": the two zeros that many countries dial for "+".
      let firstGroup = text.end(from: number.start, while: ByteClass.isDigit) - number.start
      let isAbroad =
        first == 0 && second == 0 && number.digit(2, text) != 0 && firstGroup > 2
      if isAbroad, number.count > 2, separator != UInt8(ascii: ".") { return finding }
    }
    // Ten digits from 1 on are seconds since 1970, whatever word stands before them.
    let isTime = number.count == 1 && number.digits == 10 && first == 1
    return !isTime && isAnnounced(finding.start, by: Self.phoneWords) ? finding : nil
  }

  /// A Chinese mobile number behind the characters that say so, with at most ": " between.
  private func isBehindOtherScript(_ start: Int) -> Bool {
    var at = start
    while at > max(floor, start - 2), ByteClass.isOne(text[at - 1], of: ": ") { at -= 1 }
    return at > floor && text[at - 1] == ByteClass.other
  }

  /// Ten digits behind the first so many, of which area and exchange start with 2 to 9.
  private func isNorthAmerican(_ number: DigitGroups, behind skipped: Int) -> Bool {
    number.digits == skipped + 10 && number.digit(skipped, text) >= 2
      && number.digit(skipped + 3, text) >= 2
  }

  /// "DE89 3704 …": a country's letters before the first digits, its length, and a right checksum.
  private func iban(_ digits: Int) -> Finding? {
    let start = digits - 2
    guard start >= floor, ByteClass.isAlpha(text[start]), ByteClass.isAlpha(text[start + 1]),
      ByteClass.isDigit(text[digits + 1]), isEdge(before: start),
      let length = Iban.length(ofCountry: text[start], text[start + 1])
    else { return nil }
    var at = start
    var found: [UInt8] = []
    while found.count < length {
      if ByteClass.isAlnum(text[at]) {
        found.append(text[at])
      } else if !found.count.isMultiple(of: 4) || !ByteClass.isOne(text[at], of: " -")
        || !ByteClass.isAlnum(text[at + 1])
      {
        return nil
      }
      at += 1
    }
    return !ByteClass.isWord(text[at]) && Iban.isValid(found) ? Finding(start, at, .iban) : nil
  }

  /// Whether one of the words stands up to 12 bytes before `at`, with no digit between; or a name made with one, such as
  /// "phone_number" or "homePhone".
  private func isAnnounced(_ at: Int, by words: [StaticString]) -> Bool {
    var end = at
    while end > max(floor, at - 13), !ByteClass.isDigit(text[end - 1]) {
      if !ByteClass.isWord(text[end]), ByteClass.isWord(text[end - 1]) {
        let nameStart = startOfName(endingAt: end)
        for word in words where nameSays(word, nameStart, end) { return true }
      }
      end -= 1
    }
    return false
  }

  private func startOfName(endingAt end: Int) -> Int {
    var start = end
    while start > max(floor, end - 40),
      ByteClass.isWord(text[start - 1]) || ByteClass.isOne(text[start - 1], of: " -")
    {
      start -= 1
    }
    return start
  }

  /// Whether the name ends in that word, alone or before "number" and the like.
  private func nameSays(_ word: StaticString, _ start: Int, _ end: Int) -> Bool {
    for suffix in ["", "number", "_number", " number", "-number", "_no", "_num", "_nr", "no"]
      as [StaticString]
    {
      let wordEnd = end - suffix.utf8CodeUnitCount
      let at = wordEnd - word.utf8CodeUnitCount
      guard at >= start, text.has(suffix, at: wordEnd), text.has(word, at: at) else { continue }
      let isOwnWord = at == 0 || !ByteClass.isAlpha(text[at - 1])
      // "homePhone": a hump starts a word.
      let isHump = ByteClass.isUpper(text[at]) && !ByteClass.isUpper(text[at - 1])
      if isOwnWord || isHump { return true }
    }
    return false
  }

  /// Whether a number starts here: not in the middle of an id, a version, a decimal fraction or a date.
  private func isNumberEdge(before start: Int) -> Bool {
    let before = text[start - 1]
    if start <= floor { return true }
    if ByteClass.isWord(before) { return false }
    return !(ByteClass.isOne(before, of: ".-,") && ByteClass.isWord(text[start - 2]))
  }

  private func isNumberEdge(after end: Int) -> Bool {
    let after = text[end]
    if ByteClass.isWord(after) { return false }
    if after == UInt8(ascii: "-") { return !ByteClass.isWord(text[end + 1]) }
    return !(after == UInt8(ascii: ".") && ByteClass.isDigit(text[end + 1]))
  }
}
