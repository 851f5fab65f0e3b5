/** What every account of the demo school can sign in with. */
export const DEMO_PASSWORD = 'xiaoxin-demo';

/** The demo school's accounts as the start and the sign-in page name them. */
export const DEMO_ACCOUNTS: readonly string[] = [
  'admin',
  'head',
  'consultant1…6',
  'lecturer1…2',
  'tutor1',
  'student1…8',
];
