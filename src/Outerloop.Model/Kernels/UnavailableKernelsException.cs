namespace Outerloop.Model.Kernels;

/// <summary>The environment names a kernel tier that this processor does not have; the message says which it has.</summary>
public sealed class UnavailableKernelsException : Exception
{
    public UnavailableKernelsException(string message)
        : base(message)
    {
    }

    public UnavailableKernelsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public UnavailableKernelsException()
    {
    }
}
