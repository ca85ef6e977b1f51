// The rule of scoring.py for promptfoo: (answer, {vars: {task, expected}}) -> right or wrong.
const LABELS = {
  'refund-denial': ['yes', 'no'],
  'refund-approval': ['yes', 'no'],
  'ticket-routing': ['billing', 'delivery', 'account', 'repair'],
  urgency: ['urgent', 'normal'],
  language: ['english', 'german', 'french', 'spanish'],
};

module.exports = (answer, context) => {
  const { task, expected } = context.vars;
  const text = String(answer);
  const found =
    task === 'order-number'
      ? text.match(/(?<![A-Za-z0-9])[A-Z]{2}-[0-9]{5}(?![0-9])/g) || []
      : (text.toLowerCase().match(/[a-z]+/g) || []).filter((word) => LABELS[task].includes(word));
  const named = [...new Set(found)];
  const right = named.length === 1 && named[0] === expected;
  return { pass: right, score: right ? 1 : 0, reason: named.length ? `named ${named.join(', ')}` : 'named nothing' };
};
