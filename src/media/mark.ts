/** What is written into every video, as its title and its comment. */
export const MARK = { title: 'AI-generated video', comment: 'AI-generated: a portrait that was made to speak by Hallo.' };
/** A video whose title and comment hold this says so already. */
export const MARKED = 'AI-generated';
