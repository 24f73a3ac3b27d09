/// What raw model names mean, remembered. One per intake thread, so it needs no lock.
package final class ModelResolver {
  private var memory: ModelMemory

  package init(books: PriceBooks) { memory = ModelMemory(books: books) }

  /// What a name means in a book; a name met before costs no allocation.
  package func resolve(_ rawModel: UnsafeRawBufferPointer, book: PriceBookName) -> ModelMatch {
    unsafe memory.resolve(rawModel, book: book)
  }
}
