namespace Outerloop.Model.Kernels.Emitted;

/// <summary>Executes emitted routines: the processor, or an interpreter in the tests.</summary>
internal interface IRoutineCaller
{
    /// <summary>Calls the routine at <paramref name="offset"/> of the code, with its one argument in <c>rdi</c>.</summary>
    void Call(int offset, nint argument);
}
