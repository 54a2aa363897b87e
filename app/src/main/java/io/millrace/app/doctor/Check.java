package io.millrace.app.doctor;

import java.util.List;

/** Looks at one thing. What it throws is told as a thing that could not be looked at. */
interface Check {

  /** What is looked at, in a word or two. */
  String subject();

  /** What was found; one line for each thing that is not as it should be, or one that all is. */
  List<Finding> look();

  default Finding fine(String found) {
    return new Finding.Fine(subject(), found);
  }

  default Finding warning(String found, String mend) {
    return new Finding.Warning(subject(), found, mend);
  }

  default Finding fault(String found, String mend) {
    return new Finding.Fault(subject(), found, mend);
  }

  default Finding unknown(String why) {
    return new Finding.Unknown(subject(), why);
  }
}
