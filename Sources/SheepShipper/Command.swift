import LogPipeline

/// What to do, with all that is needed to do it.
enum Command: Sendable {
  case run(Configuration, RunOptions)
  case pipe(Configuration, PipeOptions)
  case replay(Configuration, ReplayOptions)
  case ring(Configuration, RingOptions)
  case setup(Configuration, SetupOptions)
  case deadLetters(Configuration, DeadLetterOptions)
  case verify(Configuration, VerifyOptions)
  case prices(Configuration, PricesOptions)
  case explain(Configuration, ExplainOptions)
  case audit(AuditOptions)
  case top(Configuration, TopOptions)
  case tap(Configuration, TapOptions)
  case reload(Configuration, OutputOptions)
  /// nil: only says what it is.
  case logLevel(Configuration, OutputOptions, level: String?)
  case report(Configuration, ReportOptions)
  case demo(Configuration, DemoOptions)
  case doctor(DoctorOptions)
}
