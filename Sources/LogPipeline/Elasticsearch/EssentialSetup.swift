/// What an agent needs of its server, and `setup` begins with: the retention policy, then the template that names it.
package struct EssentialSetup {
  package struct Result: Equatable {
    package var product = ServerProduct()
    /// nil: no retention is asked for.
    package var policy: SetupOutcome?
    package var template: SetupOutcome
  }

  package let template: IndexTemplate
  /// Whether what has our names and other content becomes ours.
  package let replaces: Bool
  package init(_ template: IndexTemplate, replaces: Bool) {
    self.template = template
    self.replaces = replaces
  }

  /// One round. The template decides whether it ends: a policy that can not be asked for now holds nobody up.
  package func run(_ desk: SetupDesk) -> Result {
    switch ServerProduct.ask(desk) {
    case .failure(let failure): return Result(template: .notYet(failure))
    case .success(let product): return run(desk, at: product)
    }
  }

  /// The same where the product is known.
  package func run(_ desk: SetupDesk, at product: ServerProduct) -> Result {
    let policy = template.retention.map {
      PolicyInstaller(policy: $0, replaces: replaces).run(product, desk)
    }
    let dialect = TemplateDialect(
      flattened: product.flattened,
      hasLifecycle: policy?.isNamed == true && Self.mayBeThere(policy?.outcome))
    return Result(
      product: product, policy: policy?.outcome,
      template: TemplateInstaller(template: template, replaces: replaces).run(dialect, desk))
  }

  /// Whether indices may name the policy. One that this user must not look at can be there all the same.
  private static func mayBeThere(_ policy: SetupOutcome?) -> Bool {
    switch policy {
    case nil, .notAvailable, .refused: false
    case .installed, .alreadyThere, .replaced, .drift, .overruled, .notAllowed, .notYet: true
    }
  }
}
