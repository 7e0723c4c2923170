import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

/** What is written for people: a program that compares it breaks when somebody says it better. */
const PROSE = '/^(reason|message|remark|detail|title|by)$/';
const saysProse = (side) =>
  `:matches([${side}.name=${PROSE}], [${side}.property.name=${PROSE}], [${side}.expression.property.name=${PROSE}])`;
const isText = (side) =>
  `:matches([${side}.value=/./], [${side}.type='TemplateLiteral'], [${side}.name=/^[A-Z_]+$/])`;
const prose = (selector) => ({
  selector,
  message: 'Nothing that is compared is prose: give it a code, a kind or a cause.',
});

/** What the compiler cannot see. Formatting is Prettier's; imports are dependency-cruiser's, clocks test/tidy's. */
export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.berth/', 'docs/generated/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [typescript.configs.recommendedTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' },
        { selector: 'TSEnumDeclaration', message: 'A union of literals says the same.' },
        { selector: 'PrivateIdentifier', message: 'Members are private by the keyword.' },
        prose(`BinaryExpression[operator=/^[!=]==$/]${saysProse('left')}${isText('right')}`),
        prose(`BinaryExpression[operator=/^[!=]==$/]${saysProse('right')}${isText('left')}`),
        prose(`SwitchStatement${saysProse('discriminant')}`),
        prose(
          `CallExpression[callee.property.name=/^(includes|startsWith|endsWith|match|search|indexOf)$/]${saysProse('callee.object')}`,
        ),
        prose(`CallExpression[callee.property.name=/^(test|exec)$/]${saysProse('arguments.0')}`),
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // Nest reads a constructor's types from its decorators, so they must stay values.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/prefer-readonly': 'error',
      // A port's method is a promise even where an adapter has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['apps/dashboard/**'],
    languageOptions: { parserOptions: { project: 'apps/dashboard/tsconfig.json' } },
  },
  {
    // Nest's classes are wired by their decorators alone.
    files: ['apps/**/*.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: ['**/*.spec.ts', '{apps,examples,libs}/*/test/**/*.ts'],
    rules: {
      // Matchers and parsed answers are any, and methods are handed to `expect` uncalled.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
