using System.Globalization;
using Outerloop.Model.Sampling;

namespace Outerloop.Cli.Commands.Model;

/// <summary>Prints answers while they are sampled: a single one token by token, several one after the other.</summary>
internal sealed class SamplePrinter(SampledModel model, Terminal terminal, TimeProvider clock, bool json)
{
    /// <summary>What a tokenizer gives for a character of which only some bytes are there.</summary>
    private const char Incomplete = '\uFFFD';

    private readonly Lock _lock = new();
    private long _firstToken;
    private int _tokens, _first;

    public async Task Run(SampleRequest[] requests, LiveSampler sampler, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        bool streams = requests.Length == 1 && !json;
        Task<List<SampledToken>>[] answers = [.. requests.Select(request => Collect(sampler.Stream(request, cancellation), streams))];
        for (int index = 0; index < answers.Length && !json; index++)
            Print(index, await answers[index], requests.Length, streams);
        List<SampledToken>[] all = await Task.WhenAll(answers);
        double seconds = clock.GetElapsedTime(start).TotalSeconds, rate = Rate();
        if (json)
            WriteJson(requests[0], all, seconds, rate);
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{_tokens} tokens in {seconds:0.0} s; the first after {(_tokens == 0 ? seconds : clock.GetElapsedTime(start, _firstToken).TotalSeconds):0.00} s, then {rate:0.0} tokens/s"));
    }

    private async Task<List<SampledToken>> Collect(IAsyncEnumerable<SampledToken> stream, bool print)
    {
        var tokens = new List<SampledToken>();
        int printed = 0;
        await foreach (SampledToken token in stream)
        {
            CountToken();
            tokens.Add(token);
            if (!print)
                continue;
            string text = TextOf(tokens);
            if (text.Length > printed && text[^1] != Incomplete)
            {
                terminal.Output.Write(text[printed..]);
                printed = text.Length;
            }
        }

        if (print)
            terminal.Output.WriteLine(TextOf(tokens)[printed..]);
        return tokens;
    }

    private void Print(int index, List<SampledToken> answer, int count, bool streamed)
    {
        if (streamed)
            return;
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"--- {index + 1} of {count}"));
        terminal.Output.WriteLine(TextOf(answer));
    }

    private void CountToken()
    {
        lock (_lock)
        {
            _tokens++;
            if (_firstToken != 0)
                return;
            (_firstToken, _first) = (clock.GetTimestamp(), _tokens);
        }
    }

    /// <summary>Tokens a second after the first.</summary>
    private double Rate() => _tokens > _first ? (_tokens - _first) / clock.GetElapsedTime(_firstToken).TotalSeconds : 0;

    private string TextOf(List<SampledToken> answer) => model.Decode([.. answer.Select(token => token.Token)]);

    private void WriteJson(SampleRequest request, List<SampledToken>[] answers, double seconds, double rate) => Json.Write(
        new
        {
            prompt = request.Prompt,
            samples = answers.Select(answer => new
            {
                tokens = answer.Select(token => token.Token),
                text = model.HasTokenizer ? TextOf(answer) : null,
                logProbs = answer.Select(token => token.LogProb),
                samplingLogProbs = answer.Select(token => token.SamplingLogProb),
                finish = answer.Count == 0 ? null : answer[^1].Finish,
            }),
            seconds,
            tokensPerSecond = rate,
        },
        terminal.Output);
}
