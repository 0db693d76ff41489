using System.Globalization;

namespace Outerloop.Deployment;

/// <summary>What a run may use before it stops, all its attempts together. Neither decides what it answers.</summary>
/// <param name="Tokens">Prompts and answers; null for as many as it takes.</param>
/// <param name="Cost">In the currency of the prices; null for no bound.</param>
/// <param name="PromptPrice">Of a million tokens read.</param>
/// <param name="AnswerPrice">Of a million tokens written.</param>
public sealed record Budget(long? Tokens = null, double? Cost = null, double PromptPrice = 0, double AnswerPrice = 0)
{
    public static Budget Unlimited { get; } = new();

    public double CostOf(double promptTokens, double answerTokens) => ((PromptPrice * promptTokens) + (AnswerPrice * answerTokens)) / 1e6;
}

/// <summary>How much of a budget is used, while requests are made on some threads and answers counted on another.</summary>
internal sealed class Spending(Budget budget, double promptTokens, double answerTokens)
{
    private readonly Lock _lock = new();
    private double _prompt = promptTokens, _answer = answerTokens;

    public bool IsUsedUp
    {
        get
        {
            lock (_lock)
                return _prompt + _answer >= (budget.Tokens ?? double.PositiveInfinity) || budget.CostOf(_prompt, _answer) >= (budget.Cost ?? double.PositiveInfinity);
        }
    }

    public void Add(double prompt, double answer)
    {
        lock (_lock)
        {
            _prompt += prompt;
            _answer += answer;
        }
    }

    public OutsideException Stop() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"the budget is used up: {_prompt:0} tokens read and {_answer:0} written{(budget.Cost is null ? "" : $", at a cost of {budget.CostOf(_prompt, _answer):0.##}")}; everything so far is kept, go on with --resume and a larger --max-tokens-total or --max-cost"));
}
