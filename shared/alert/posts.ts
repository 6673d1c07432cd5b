/** A message about an alert that stands in a channel and is kept up to date there. */
export interface Post {
  /** The id that the channel gave it. */
  readonly message: string;
  /** Where it stands, as the channel calls the place. */
  readonly place: string;
  /** The newest telling that it shows. */
  readonly telling: number;
  /** The newest telling whose words in the thread were posted, too. */
  readonly replied: number;
}

/** Where it is remembered which message is about which alert. */
export interface PostStore {
  get(alert: string): Promise<Post | undefined>;
  /**
   * Remembers a post in place of the one that was known, or where none was. Returns the post that holds: another one, where
   * somebody was faster or told of something newer.
   */
  keep(alert: string, post: Post, known: Post | undefined): Promise<Post>;
}
