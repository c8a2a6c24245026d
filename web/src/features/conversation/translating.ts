// The menu of a message and what it opens, in one chunk: each is asked for by itself, and so few bytes are no use apart.
export { MessageActions } from './MessageActions';
export { Translated } from './Translated';
export { TranslateReply } from './TranslateReply';
