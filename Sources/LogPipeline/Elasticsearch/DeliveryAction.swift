/// What a sender has to do, decided by ``DeliveryCore``.
package enum DeliveryAction {
  /// One item that Elasticsearch will never take, with its own words.
  package struct Dead {
    package let piece: Piece
    package let index: Int
    package let error: ItemError

    package init(piece: Piece, index: Int, error: ItemError) {
      (self.piece, self.index, self.error) = (piece, index, error)
    }
  }

  case settle(HeldBlock, [Settlement.Item])
  /// Write them down and sync; then ``DeliveryCore/buried(_:)``, or ``DeliveryCore/notBuried(_:at:)`` when that fails.
  case bury([Dead])
  /// The index of this day did not take `items`, of which `sample` is one. `isParked`: it takes nothing at all now.
  case refused(isParked: Bool, day: Int32, sample: Piece, items: Int, error: ItemError)
  /// It takes again.
  case unparked(day: Int32)
  /// Say it to the operator; the same matter at most twice a minute.
  case tell(matter: String, message: String, isError: Bool)
  case state(DeliverySnapshot.State)
  /// Events are taken again, after none were for so long.
  case resumed(after: Duration)
  case count(items: Int, RetryCause)
  case delivered(items: Int, duplicates: Int)
  /// The operator may have put new ones in place.
  case rereadCredentials
  /// The body may be broken: inflate it and compare before it goes out again.
  case checkBody
}
