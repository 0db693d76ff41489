using System.Runtime.InteropServices;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Validation.Compilation;

/// <summary>A change of one numeric fluent.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Update(Fact Place, UpdateOperator Operation, Number Amount)
{
    /// <summary>Whether the order of such updates does not matter.</summary>
    public bool IsAdditive => Operation is UpdateOperator.Increase or UpdateOperator.Decrease;
}

/// <summary>All that one happening changes, collected before any of it is applied. Reused from step to step.</summary>
internal sealed class Changes
{
    /// <summary>More than this are refused, so that a quantified effect cannot fill the memory.</summary>
    private const int Most = 1 << 22;

    private readonly List<Fact> deletes = [];
    private readonly List<Fact> adds = [];
    private readonly List<Update> updates = [];

    /// <summary>What could not be computed because it reads an undefined number.</summary>
    public string? Undefined { get; set; }

    public IReadOnlyList<Fact> Deletes => deletes;

    public IReadOnlyList<Fact> Adds => adds;

    public IReadOnlyList<Update> Updates => updates;

    public void Add(Fact fact, bool value)
    {
        CheckCount();
        (value ? adds : deletes).Add(fact);
    }

    public void Add(Update update)
    {
        CheckCount();
        updates.Add(update);
    }

    /// <summary>Adds the changes of another step, against which nothing stands.</summary>
    public void Append(Changes other)
    {
        deletes.AddRange(other.deletes);
        adds.AddRange(other.adds);
        updates.AddRange(other.updates);
        CheckCount();
    }

    public void Clear()
    {
        deletes.Clear();
        adds.Clear();
        updates.Clear();
        Undefined = null;
    }

    /// <summary>Why the changes cannot be made, if so.</summary>
    public Failure? Obstacle(State state)
    {
        if (Undefined is not null)
            return new Failure(Reasons.UndefinedValue, $"{Undefined} has no value");
        return updates.Count == 0 ? null : FirstConflict() ?? FirstUndefined(state);
    }

    /// <summary>Deletes, then adds, then updates numbers; nothing may stand against it.</summary>
    public void Apply(State state)
    {
        foreach (var fact in deletes)
            state.Set(fact, value: false);
        foreach (var fact in adds)
            state.Set(fact, value: true);
        foreach (var update in updates)
        {
            state.TryGetValue(update.Place, out var before);
            var after = After(update, before);
            if (after.IsTooLarge)
                throw OutgrownException.Number();
            state.SetValue(update.Place, after);
        }
    }

    private void CheckCount()
    {
        if (deletes.Count + adds.Count + updates.Count >= Most)
            throw new OutgrownException($"a step changes more than {Most} facts and numbers");
    }

    private Failure? FirstConflict()
    {
        if (updates.Count == 1)
            return null;
        var additive = new Dictionary<Fact, bool>();
        foreach (var update in updates)
        {
            if (!additive.TryAdd(update.Place, update.IsAdditive) && !(additive[update.Place] && update.IsAdditive))
                return new Failure(Reasons.NumericConflict, $"({update.Place.Relation.Name} …) is updated twice in ways that do not commute");
        }

        return null;
    }

    private Failure? FirstUndefined(State state)
    {
        foreach (var update in updates)
        {
            if (update.Operation != UpdateOperator.Assign && !state.TryGetValue(update.Place, out _))
                return new Failure(Reasons.UndefinedValue, $"({update.Place.Relation.Name} …) has no value that could change");
            if (update.Operation == UpdateOperator.ScaleDown && update.Amount == Number.Zero)
                return new Failure(Reasons.UndefinedValue, $"({update.Place.Relation.Name} …) is divided by zero");
        }

        return null;
    }

    private static Number After(Update update, Number before) => update.Operation switch
    {
        UpdateOperator.Assign => update.Amount,
        UpdateOperator.Increase => before + update.Amount,
        UpdateOperator.Decrease => before - update.Amount,
        UpdateOperator.ScaleUp => before * update.Amount,
        _ => before / update.Amount,
    };
}

/// <summary>Why a step cannot be taken: a code of <see cref="Reasons"/> and a sentence.</summary>
internal sealed record Failure(string Reason, string Message);
