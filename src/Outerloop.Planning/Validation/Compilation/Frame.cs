namespace Outerloop.Planning.Validation.Compilation;

/// <summary>What a condition is evaluated in: a state, and the objects that the variables stand for.</summary>
internal sealed class Frame(State state, int slots, CancellationToken cancellation)
{
    private int ticks;

    public State State { get; } = state;

    /// <summary>Object numbers by slot: the action's parameters first, then the quantified variables by depth.</summary>
    public int[] Slots { get; } = new int[slots];

    /// <summary>How many happenings led to the state; read by metrics only.</summary>
    public int Happenings { get; set; }

    /// <summary>A frame of the same state whose variables are still to be bound.</summary>
    public Frame Unbound() => new(State, Slots.Length, cancellation);

    /// <summary>Called once per choice of a quantified variable, where time can be exponential in the text.</summary>
    public void Tick()
    {
        if ((++ticks & 0xFFF) == 0)
            cancellation.ThrowIfCancellationRequested();
    }
}
