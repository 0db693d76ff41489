using System.Runtime.InteropServices;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;

namespace Outerloop.Model.Sampling;

/// <summary>
/// One thread's share: up to a batch of sequences advanced together through the whole network, a place refilled as soon
/// as its sequence ends. Workers share nothing but the weights and the queue.
/// </summary>
internal sealed class SamplingWorker
{
    /// <summary>Rows of a step of prefill: enough to keep the GEMM at its peak, few enough to stay in the cache.</summary>
    private const int PrefillRows = 96;

    private readonly SamplingModel _model;
    private readonly ModelConfig _config;
    private readonly RequestQueue _queue;
    private readonly Action<SampleResult> _deliver;
    private readonly DecoderStep _step;
    private readonly TokenChooser _chooser;
    private readonly Queue<SampleRequest> _pending = [];
    private readonly List<SequenceSlot> _free = [], _active = [];
    private readonly FloatBuffer _promptLogits;
    private readonly StepSegment[] _segments;
    private readonly int[] _tokens;
    private readonly float[] _logProbs;

    /// <summary>Whose cache begins with the prompt of <see cref="_promptLogits"/>; its request may have ended.</summary>
    private SequenceSlot? _promptHolder;

    public SamplingWorker(SamplingModel model, RequestQueue queue, int batchSize, Action<SampleResult> deliver)
    {
        _model = model;
        _config = model.Config;
        _queue = queue;
        _deliver = deliver;
        int rows = Math.Max(batchSize, PrefillRows);
        _step = new DecoderStep(model, rows);
        _chooser = new TokenChooser(model.SamplingKernels, _config.Vocabulary);
        _promptLogits = new FloatBuffer(_config.Vocabulary);
        _segments = new StepSegment[batchSize];
        _tokens = new int[batchSize];
        _logProbs = new float[batchSize];
        for (int i = 0; i < batchSize; i++)
            _free.Add(new SequenceSlot(_config));
    }

    /// <summary>Works until the queue is empty and all sequences have ended.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_free.Count > 0 && TryNext(out SampleRequest? request))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Begin(request!);
            }

            if (_active.Count == 0)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            Advance();
        }
    }

    private bool TryNext(out SampleRequest? request) =>
        _pending.TryDequeue(out request) || (_queue.TryTakeGroup(_pending) && _pending.TryDequeue(out request));

    private void Begin(SampleRequest request)
    {
        bool shared = _promptHolder is { Request: { } held } && RequestQueue.SamePrompt(held, request);
        SequenceSlot slot = TakeFree(shared);
        slot.Begin(request, kept: shared && slot == _promptHolder ? request.Prompt.Length : 0);
        if (!shared)
            Prefill(slot);
        else if (slot != _promptHolder)
            slot.Cache.CopyFrom(_promptHolder!.Cache, request.Prompt.Length);
        if (!slot.IsFull)
            Draw([slot], _promptLogits.Matrix(1, _config.Vocabulary));
        if (!TryEnd(slot))
            _active.Add(slot);
    }

    /// <summary>A free place; for a shared prompt the one that holds it, if it is free.</summary>
    private SequenceSlot TakeFree(bool preferHolder)
    {
        int index = preferHolder ? _free.IndexOf(_promptHolder!) : -1;
        SequenceSlot slot = _free[index < 0 ? ^1 : index];
        _free.Remove(slot);
        return slot;
    }

    /// <summary>Runs the prompt through the network in pieces, leaving its keys, values and last logits.</summary>
    private void Prefill(SequenceSlot slot)
    {
        ReadOnlySpan<int> prompt = slot.Request!.Prompt;
        for (int position = 0; position < prompt.Length; position += PrefillRows)
        {
            int count = Math.Min(PrefillRows, prompt.Length - position);
            StepSegment segment = new(slot.Cache, position, FirstRow: 0, count);
            _step.Run([segment], prompt.Slice(position, count));
            if (position + count == prompt.Length)
                _step.Logits([segment]).RowSpan(0).CopyTo(_promptLogits.Span);
        }

        _promptHolder = slot;
    }

    /// <summary>Feeds each active sequence its last token and draws the next.</summary>
    private void Advance()
    {
        int count = _active.Count;
        for (int i = 0; i < count; i++)
        {
            SequenceSlot slot = _active[i];
            slot.Cache.EnsureCapacity(slot.LastPosition + 1, used: slot.LastPosition);
            _segments[i] = new StepSegment(slot.Cache, slot.LastPosition, FirstRow: i, Count: 1);
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
        if (!slot.IsStopped && !slot.IsFull)
            return false;
        _deliver(slot.Result());
        _free.Add(slot);
        return true;
    }
}
