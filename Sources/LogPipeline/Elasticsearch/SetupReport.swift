/// What `setup` found and did.
package struct SetupReport {
  package let product: ServerProduct
  package let steps: [SetupStep]
  package let isDryRun: Bool
  /// All that was sent to change something; of a dry run: would have been.
  package let changes: [HttpRequest]
  private let template: IndexTemplate

  init(product: ServerProduct, steps: [SetupStep], template: IndexTemplate, desk: SetupDesk) {
    (self.product, self.steps, self.template) = (product, steps, template)
    (isDryRun, changes) = (desk.isDryRun, desk.changes)
  }

  /// Whether all is in place, or would be.
  package var grade: SetupStep.Grade {
    for grade in [SetupStep.Grade.failed, .notAllowed, .notInPlace]
    where steps.contains(where: { $0.grade == grade }) {
      return grade
    }
    return .good
  }

  /// For people, at most 80 columns where names allow it.
  package var text: String {
    var text = steps.map(Self.text).joined()
    text += "\n\(verdict)\n"
    if isDryRun { text += requestsText }
    if grade != .failed { text += rolesText }
    return text
  }

  private static func text(_ step: SetupStep) -> String {
    let indent = 12
    let subject = step.subject + String(repeating: " ", count: max(1, indent - step.subject.count))
    let pad = String(repeating: " ", count: indent)
    return subject + "\(step.name)\n" + TextLayout.wrapped(step.happened, indent: indent)
      + (step.advice.isEmpty
        ? ""
        : pad
          + TextLayout.wrapped("-> \(step.advice)", indent: indent, hanging: 3).dropFirst(indent))
  }

  private var verdict: String {
    switch (grade, isDryRun) {
    case (.good, false), (.note, false): "All is in place."
    case (.good, true), (.note, true):
      changes.isEmpty ? "All is in place; nothing would be sent." : "Nothing was changed."
    case (.notInPlace, _): "Not all is in place: see what stands behind ->."
    case (.notAllowed, _): "Not all is in place: this user lacks privileges."
    case (.failed, _): "Not done: the server gave no answer of use."
    }
  }

  private var requestsText: String {
    changes.map { request in
      let body = (try? JsonValue.parse(request.body)).map { $0.lines() + "\n" } ?? ""
      return "\n\(request.method.rawValue) \(request.path)\n\(body)"
    }.joined()
  }

  private var rolesText: String {
    AccessRoles(template).requests(for: product).map { title, line, body in
      "\n\(title):\n\(line)\n\(body.lines())\n"
    }.joined()
  }

  package var json: JsonValue {
    let steps = steps.map { step in
      JsonValue.object([
        ("subject", .string(step.subject)), ("name", .string(step.name)),
        ("happened", .string(step.happened)), ("grade", .string(step.grade.rawValue)),
        ("advice", .string(step.advice)),
      ])
    }
    let changes = changes.map { request in
      JsonValue.object([
        ("method", .string(request.method.rawValue)), ("path", .string(request.path)),
        ("body", (try? JsonValue.parse(request.body)) ?? .null),
      ])
    }
    let roles = AccessRoles(template).requests(for: product).map { title, line, body in
      JsonValue.object([
        ("title", .string(title)), ("request", .string(line)), ("body", body),
      ])
    }
    return .object([
      ("in_place", .bool(grade == .good)), ("grade", .string(grade.rawValue)),
      ("dry_run", .bool(isDryRun)), ("server", .string("\(product)")),
      ("steps", .array(steps)), ("changes", .array(changes)), ("roles", .array(roles)),
    ])
  }
}
