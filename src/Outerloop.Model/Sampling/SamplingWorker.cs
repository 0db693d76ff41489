using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Kernels.Emitted;

namespace Outerloop.Model.Sampling;

/// <summary>
/// One thread's share: up to a batch of sequences advanced together through the whole network, a place refilled as soon
/// as its sequence ends. Workers share nothing but the weights and the queue.
/// </summary>
internal sealed class SamplingWorker
{
    private readonly SamplingModel _model;
    private readonly ModelConfig _config;
    private readonly IRequestSource _source;
    private readonly DecoderStep _step;
    private readonly TokenChooser _chooser;
    private readonly Queue<PendingSample> _pending = [];
    private readonly List<SequenceSlot> _free = [], _active = [];
    private readonly Stack<SharedPrompt> _spare = [];
    private readonly StepSegment[] _segments;
    private readonly int[] _tokens;
    private readonly float[] _logProbs;

    /// <summary>The prompt read last: the next request may have the same.</summary>
    private SharedPrompt? _prompt;

    public SamplingWorker(SamplingModel model, IRequestSource source, int batchSize)
    {
        _model = model;
        _config = model.Config;
        _source = source;
        int rows = Math.Max(batchSize, model.PrefillRows);
        _step = new DecoderStep(model, rows, batchSize);
        _chooser = new TokenChooser(model.SamplingKernels, _config.Vocabulary);
        _segments = new StepSegment[batchSize];
        _tokens = new int[batchSize];
        _logProbs = new float[batchSize];
        for (int i = 0; i < batchSize; i++)
            _free.Add(new SequenceSlot(_config));
    }

    /// <summary>Runs workers on threads of their own until the source has ended.</summary>
    /// <param name="model">Shared by all.</param>
    /// <param name="source">Shared by all.</param>
    /// <param name="options">How many, and how many sequences each has.</param>
    /// <param name="failed">Told, on the worker's thread, of what ended a worker early.</param>
    /// <param name="cancellation">Stops them within a step.</param>
    public static Task Start(
        SamplingModel model, IRequestSource source, SamplerOptions options, Action<Exception> failed, CancellationToken cancellation)
    {
        void Work()
        {
            try
            {
                using var flush = FlushToZero.Begin();
                new SamplingWorker(model, source, options.BatchSize).Run(cancellation);
            }
            catch (Exception e)
            {
                failed(e);
            }
        }

        return Task.WhenAll(Enumerable.Range(0, options.Threads).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    /// <summary>Works until the source has ended and so have all sequences.</summary>
    private void Run(CancellationToken cancellation)
    {
        do
        {
            while (_free.Count > 0 && TryNext(out PendingSample? sample))
            {
                cancellation.ThrowIfCancellationRequested();
                Begin(sample!);
            }

            cancellation.ThrowIfCancellationRequested();
            if (_active.Count > 0)
                Advance();
        }
        while (_active.Count > 0 || _pending.Count > 0 || _source.Wait(cancellation));
    }

    private bool TryNext(out PendingSample? sample) =>
        _pending.TryDequeue(out sample) || (_source.TryTakeGroup(_pending) && _pending.TryDequeue(out sample));

    private void Begin(PendingSample sample)
    {
        SequenceSlot slot = _free[^1];
        _free.Remove(slot);
        slot.Begin(sample);
        if (slot.Finish is null)
        {
            slot.Take(Read(sample.Request.Prompt));
            Draw([slot], slot.Prompt!.Logits.Matrix(1, _config.Vocabulary));
        }

        if (!TryEnd(slot))
            _active.Add(slot);
    }

    private SharedPrompt Read(int[] tokens)
    {
        if (_prompt is { } last && last.Tokens.AsSpan().SequenceEqual(tokens))
            return last;
        SharedPrompt? previous = _prompt;
        _prompt = null;
        Recycle(previous);
        _prompt = _spare.TryPop(out SharedPrompt? spare) ? spare : new SharedPrompt(_config);
        Prefill(_prompt, tokens);
        return _prompt;
    }

    /// <summary>Runs the prompt through the network in pieces, leaving its keys, values and last logits.</summary>
    private void Prefill(SharedPrompt prompt, int[] tokens)
    {
        prompt.Begin(tokens);
        for (int position = 0; position < tokens.Length; position += _model.PrefillRows)
        {
            int count = Math.Min(_model.PrefillRows, tokens.Length - position);
            StepSegment segment = new(prompt.Cache, position, FirstRow: 0, count);
            _step.Run([segment], tokens.AsSpan(position, count));
            if (position + count == tokens.Length)
                _step.Logits([segment]).RowSpan(0).CopyTo(prompt.Logits.Span);
        }
    }

    /// <summary>Keeps the memory of a prompt that nobody reads, nor will.</summary>
    private void Recycle(SharedPrompt? prompt)
    {
        if (prompt is { Users: 0 } && prompt != _prompt)
            _spare.Push(prompt);
    }

    /// <summary>Feeds each active sequence its last token and draws the next.</summary>
    private void Advance()
    {
        int count = _active.Count;
        for (int i = 0; i < count; i++)
        {
            SequenceSlot slot = _active[i];
            slot.Cache.EnsureCapacity(slot.Count, used: slot.Count - 1);
            _segments[i] = new StepSegment(slot.Cache, slot.LastPosition, FirstRow: i, Count: 1, slot.Prompt);
            _tokens[i] = slot.LastToken;
        }

        _step.Run(_segments.AsSpan(0, count), _tokens.AsSpan(0, count));
        Draw(CollectionsMarshal.AsSpan(_active), _step.Logits(_segments.AsSpan(0, count)));
        _active.RemoveAll(TryEnd);
    }

    /// <summary>Draws a token for each slot from its row of logits.</summary>
    private void Draw(ReadOnlySpan<SequenceSlot> slots, MatrixView logits)
    {
        for (int i = 0; i < slots.Length; i++)
            _tokens[i] = slots[i].Draw(_chooser, logits.RowSpan(i));
        _model.Kernels.LogProbabilities(logits, _tokens.AsSpan(0, slots.Length), _logProbs);
        for (int i = 0; i < slots.Length; i++)
            slots[i].Score(_logProbs[i]);
    }

    /// <summary>Delivers a sequence that has ended and frees its place.</summary>
    private bool TryEnd(SequenceSlot slot)
    {
        if (slot.Finish is not { } reason)
            return false;
        slot.End(reason);
        Recycle(slot.Release());
        _free.Add(slot);
        return true;
    }
}
