"use strict";
/* The answer to a form that was refused stands in the history as the address alone: going back to it later, or loading it again, shows
   the question with what was answered, where the browser would have to send the old form once more and shows an error instead. */
history.replaceState(history.state, "", location.href);
